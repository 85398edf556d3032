/** A graph that cannot be: found while it is built or fed, before any number is wrong. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly code: 'GRAPH_SHAPE' | 'GRAPH_NAME' | 'GRAPH_FEED' | 'GRAPH_GRADIENT';

  constructor(code: GraphError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
