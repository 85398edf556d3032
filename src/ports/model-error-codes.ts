/** The part of `ERROR_CODES` that is of models: files, what runs them, how they are trained. */
export const MODEL_ERROR_CODES = {
  GRAPH_FEED: {
    meaning: 'A network was fed what it does not take: a name, a length or a batch.',
    action: 'Compare what is fed with the inputs of the graph; the message names them.',
  },
  GRAPH_GRADIENT: {
    meaning: 'A network cannot be trained as it is; the message names the operation.',
    action: 'Bind the batch, end in one number, and unroll what is fused.',
  },
  GRAPH_NAME: {
    meaning: 'A network names a value twice, or one that is not there.',
    action: 'Correct its definition; the message has the name.',
  },
  GRAPH_SHAPE: {
    meaning: 'Shapes of a network do not fit each other.',
    action: 'Correct its definition or its sizes; the message has the operation and the shapes.',
  },
  MODEL_WIDTH: {
    meaning: 'A model takes rows of another width than this build computes.',
    action: 'Train the model again with this build.',
  },
  MODEL_VERSION: {
    meaning: 'A model file holds another version than the one that was asked for.',
    action: 'Restore the file of that version, or ask for the one that is there.',
  },
  MODEL_LAYOUT: {
    meaning: 'A model was trained with other features than this build computes.',
    action: 'Train the model again with this build.',
  },
  MODEL_CHANGED: {
    meaning: 'A model file is not the one that was written: its hash differs.',
    action: 'Restore the file; a model is never edited by hand.',
  },
  MODEL_UNREADABLE: {
    meaning: 'A model file is not what it should be.',
    action: 'Train the model again, or restore the file.',
  },
  MODEL_FOREIGN: {
    meaning: 'What lies where a model should be is not one of ours, or not a plain file.',
    action: 'Look at what put it there; train the model again, or restore the folder.',
  },
  MODEL_MISSING: {
    meaning: 'There is no model of that name and version, or its folder lacks a file.',
    action: 'List what there is with strata models; train it, or restore the folder.',
  },
  MODEL_OVERSIZED: {
    meaning: 'A file of a model is larger than any that is written here.',
    action: 'Look at what put it there: it was not read.',
  },
  ONNX_UNAVAILABLE: {
    meaning: 'onnxruntime-node is not installed here, or has no binary for this platform.',
    action: 'Run npm install --include=optional, or choose the plain backend, which takes over.',
  },
  ONNX_DAMAGED: {
    meaning: 'The bytes of an ONNX file end too early, or are not a model.',
    action: 'Fetch or make the file again; the message says where it breaks.',
  },
  ONNX_LIMIT: {
    meaning: 'An ONNX file asks for more than this build allows: sizes, nodes or depth.',
    action: 'None, if it came from elsewhere: it may be hostile. Else make the network smaller.',
  },
  ONNX_UNSUPPORTED: {
    meaning: 'An ONNX file uses what this build does not know; the message names it.',
    action: 'Export the model with the operators that are listed, opset 17.',
  },
  ONNX_VALUE: {
    meaning: 'A number of the model does not fit an ONNX file: it is not finite in 32 bits.',
    action: 'Look at the training: it may have diverged.',
  },
  ONNX_FAILED: {
    meaning: 'onnxruntime-node is there and cannot run the model as it should.',
    action: 'Read the message; the plain backend takes over.',
  },
  TENSORFLOW_UNAVAILABLE: {
    meaning: 'No TensorFlow.js is installed here, or none loads.',
    action: 'Run npm install --no-save @tensorflow/tfjs, or choose another backend.',
  },
  TENSORFLOW_FAILED: {
    meaning: 'TensorFlow.js is there and cannot run the model as it should.',
    action: 'Read the message; the plain backend takes over.',
  },
  TRAINING_CHECKPOINT: {
    meaning: 'A checkpoint of training is damaged, or of another training.',
    action: 'Train from the beginning, or with the settings and data that it was made with.',
  },
  TRAINING_DIVERGED: {
    meaning: 'The loss of a network in training is no number any more.',
    action: 'Lower the rate, or clip the gradient; look for extremes in the data.',
  },
  TRAINING_INPUT: {
    meaning: 'Examples cannot be learned from: none, or one with a NaN; the message names it.',
    action: 'Fill or leave out what is missing before training.',
  },
  TRAIN_CANCELLED: {
    meaning: 'Training was ended before it was done; the last checkpoint is kept.',
    action: 'Give the same command with --resume to go on from it.',
  },
  TRAIN_FEATURES: {
    meaning: 'The features cannot be made of the source, or are not numbers.',
    action: 'Look at strata features for what there is; choose others, or another source.',
  },
  TRAIN_MODELS_UNKNOWN: {
    meaning: 'A model or group that was asked for does not exist.',
    action: 'Name families, or groups of training.groups in the configuration.',
  },
  TRAIN_RUNNING: {
    meaning: 'The same training runs in this data directory; the message names its process.',
    action: 'Wait until it has ended, or give another --data-dir.',
  },
  TRAIN_SAMPLES_FEW: {
    meaning: 'There is too little to learn from, or to test on.',
    action: 'Take more symbols or days, or a shorter horizon.',
  },
  TRAIN_SOURCE: {
    meaning: 'The source of a training is not there, or holds something else.',
    action: 'Name a folder of minutes or days, store, or leave --source out for the seeded market.',
  },
  TRAIN_UNIVERSE_EMPTY: {
    meaning: 'No symbol is left to learn from.',
    action: 'Look at the names, the layer and the limits of universe in the configuration.',
  },
  TRAIN_WORKER_DIED: {
    meaning: 'The thread that trains ended by itself.',
    action: 'Look at the memory of the machine; go on with --resume.',
  },
  TREES_UNREADABLE: {
    meaning: 'A file of a tree model is damaged or of another format; the message names the place.',
    action: 'Save the model again, as JSON or UBJSON (XGBoost) or as text (LightGBM).',
  },
  TREES_UNSUPPORTED: {
    meaning: 'A tree model has what is not read here: categories, several outputs, linear leaves.',
    action: 'Train it without; the message names what it has.',
  },
  TREES_TOO_LARGE: {
    meaning: 'A tree model has more trees, nodes or features than is allowed.',
    action: 'Train a smaller one.',
  },
  TREES_INEXACT: {
    meaning: 'The format cannot carry the tree model without changing its answers.',
    action: 'Write it in the format of the rules it was grown by; the message says why.',
  },
  TREES_DATA: {
    meaning: 'Trees cannot learn from, or answer for, these rows, labels, weights or options.',
    action: 'Mend what the message names.',
  },
} as const satisfies Readonly<Record<string, ErrorCodeRow>>;

interface ErrorCodeRow {
  readonly meaning: string;
  readonly action: string;
}
