/** An image of the visitor as the network's grey levels: fitted into the square, light ink on a dark ground. */

/** Rec. 601. */
const LUMA = [0.299, 0.587, 0.114] as const;

/** @throws where the browser reads no image from the file */
export async function greyOf(file: Blob, side: number): Promise<Uint8Array> {
  const bitmap = await createImageBitmap(file);
  const canvas = new OffscreenCanvas(side, side);
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (pen === null) throw new Error('no canvas');
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, side, side);
  const scale = side / Math.max(bitmap.width, bitmap.height);
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(bitmap, (side - width) / 2, (side - height) / 2, width, height);
  bitmap.close();
  const { data } = pen.getImageData(0, 0, side, side);
  const grey = Uint8Array.from({ length: side * side }, (_, i) =>
    Math.round(LUMA.reduce((sum, share, c) => sum + share * data[4 * i + c], 0)),
  );
  // Dark ink on paper is turned over.
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
  return mean > 127 ? grey.map(value => 255 - value) : grey;
}
