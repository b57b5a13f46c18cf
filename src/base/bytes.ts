/**
 * The same bytes as a plain array that looks into the same memory. Node's Buffer is a Uint8Array whose `slice` does not
 * copy: whoever takes bytes from outside begins with this.
 */
export const plainBytes = ({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
