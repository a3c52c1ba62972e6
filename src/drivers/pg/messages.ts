const code = (letter: string): number => letter.charCodeAt(0);

/** The types of the messages that the server sends. */
export const MESSAGE = {
  authentication: code("R"),
  backendKeyData: code("K"),
  bindComplete: code("2"),
  closeComplete: code("3"),
  commandComplete: code("C"),
  copyData: code("d"),
  copyDone: code("c"),
  copyIn: code("G"),
  copyOut: code("H"),
  dataRow: code("D"),
  emptyQuery: code("I"),
  error: code("E"),
  noData: code("n"),
  notice: code("N"),
  notification: code("A"),
  parameterStatus: code("S"),
  parseComplete: code("1"),
  portalSuspended: code("s"),
  readyForQuery: code("Z"),
  rowDescription: code("T"),
} as const;
