/**
 * Field numbers and constants of onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx). Opset
 * 17 of ONNX 1.12 is the last in which ReduceMean and ReduceMax have their axes as an attribute,
 * and what every runtime of today reads.
 */
export const IR_VERSION = 8;
export const OPSET = 17;
/** From 13 on the operators of a graph are as they are in 17. */
export const OPSET_MIN = 13;
export const PRODUCER = 'strata';

export const MODEL = { irVersion: 1, producer: 2, graph: 7, opset: 8, metadata: 14 } as const;
export const OPSET_ID = { domain: 1, version: 2 } as const;
export const ENTRY = { key: 1, value: 2 } as const;
export const GRAPH = { node: 1, name: 2, initialiser: 5, input: 11, output: 12 } as const;
export const NODE = { input: 1, output: 2, name: 3, type: 4, attribute: 5, domain: 7 } as const;
export const ATTRIBUTE = { name: 1, integer: 3, text: 4, integers: 8, type: 20 } as const;
export const ATTRIBUTE_TYPE = { integer: 2, text: 3, integers: 7 } as const;
export const TENSOR = { dims: 1, type: 2, floats: 4, integers: 7, name: 8, raw: 9 } as const;
export const VALUE = { name: 1, type: 2 } as const;
export const TYPE = { tensor: 1 } as const;
export const TENSOR_TYPE = { element: 1, shape: 2 } as const;
export const SHAPE = { dim: 1 } as const;
export const DIM = { value: 1, parameter: 2 } as const;

export const FLOAT = 1;
export const INT64 = 7;
export const BOOL = 9;

/** What a batch axis is called; `batch*7` is seven times its rows. */
export const BATCH_NAME = 'batch';

/** Names of inputs, parameters and outputs never begin so: what lies between is named by us. */
export const INNER_PREFIX = '/';
