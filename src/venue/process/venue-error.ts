/** Why a venue cannot begin. */
export class VenueError extends Error {
  override readonly name = 'VenueError';
  readonly code: 'VENUE_PORT_UNUSABLE' | 'VENUE_OPTION_INVALID';

  constructor(code: VenueError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
