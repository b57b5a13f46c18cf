/** What goes from layer to layer: a matrix of one row per pixel, patch or token, and where its rows stand in an image. */
import type { Size } from './size.ts';

export interface Features {
  /** The op that gives them; null: the image. */
  readonly id: string | null;
  readonly rows: number;
  /** Channels. */
  readonly columns: number;
  /** The image that the rows are, line by line, behind `learned` others; undefined: they are no image any more. */
  readonly grid: Size | undefined;
  /** Rows in front of the image: class tokens. */
  readonly learned: number;
  /** The last attention map, rows x (heads x rows), and its heads; undefined where these tokens have none. */
  readonly map?: { readonly id: string; readonly heads: number } | undefined;
  /** What lies beside each patch and has not been embedded yet, coarsest first. */
  readonly details?: readonly Detail[] | undefined;
}

/** More of the patches: a row for each. */
export interface Detail {
  readonly id: string;
  readonly columns: number;
}
