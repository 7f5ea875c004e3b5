/** Reads Photoshop documents back, for tests outside the browser. */
import { readPsd as read, type Psd, type ReadOptions } from 'ag-psd'

// It gives the library pixels to write to.
import '@/assets/psdDecode'

export const readPsd = (bytes: Uint8Array | ArrayBuffer, options: ReadOptions): Psd => read(bytes, options)
