/** Height and width of an image, a patch or a grid of patches; each may be oblong. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

/** Pixels, or patches. */
export const areaOf = ({ height, width }: Size): number => height * width;

/** As high as wide. */
export const square = (side: number): Size => ({ height: side, width: side });

/** "224", or "224 x 448". */
export const sizeText = ({ height, width }: Size): string =>
  height === width ? `${height}` : `${height} x ${width}`;
