/** Polygon's REST could not be asked, or what it said could not be used. */
export class PolygonError extends Error {
  override readonly name = 'PolygonError';
  readonly code: 'POLYGON_CLIENT_MISSING' | 'POLYGON_KEY_REFUSED' | 'POLYGON_FAILED';

  constructor(code: PolygonError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
