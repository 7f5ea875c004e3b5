import { decodeImage } from '@/assets/decode'
import { at } from '@/assets/testImages'

// Shows that decoding needs no page: answers a Blob with its size and first pixel.
self.onmessage = async ({ data }: MessageEvent<Blob>): Promise<void> => {
  const { raster } = await decodeImage(data, 'in a worker')
  self.postMessage([raster.width, raster.height, ...at(raster, 0, 0)])
}
