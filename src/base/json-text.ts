/** JSON with a fixed layout: the bytes that a repeated run must give again. */
export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
