/** What is wrong with an ONNX graph; whoever knows the file puts its name in front. */
export class OnnxProblem extends Error {}

export const onnxProblem = (message: string): OnnxProblem =>
  new OnnxProblem(message.replace(/\p{Cc}+/gu, '?'));
