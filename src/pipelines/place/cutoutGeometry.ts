/** The shapes of cut-outs: what the geometry network says of each, once per picture and pose. */
import type { Raster } from '@/base/geometry'
import { keepLatest } from '@/base/latest'
import { poseKey, poseOf } from '@/layers/pose'
import type { CutoutGeometry } from '@/layers/volume'
import { GeometryNet, type GeometryMaps } from '@/nets/geometry'
import { cutoutView, inBox } from '@/pipelines/place/cutoutView'
import type { ExtraWork, RunContext } from '@/pipelines/shared/engineMode'
import type { PlacedForeground } from '@/schema/modes/place'
import { readPack } from '@/weights/packs/pack'

/** Shapes that are remembered; one takes 100 kB. */
const KEPT = 64

/** What a network is asked. */
interface Predictor {
  predict(picture: Float32Array): Promise<GeometryMaps>
  dispose(): void
}

/** The network on the device, and what it has said. */
export class CutoutGeometries {
  private readonly net: Predictor
  private readonly known = new Map<string, CutoutGeometry>()

  constructor(net: Predictor) {
    this.net = net
  }

  /** @param raster the cut-out's pixels @throws empty-foreground; device-lost, out-of-memory */
  async of({ asset, ...placement }: PlacedForeground, raster: Raster): Promise<CutoutGeometry> {
    const pose = poseOf(placement)
    const key = poseKey(asset.hash, pose)
    const known = this.known.get(key)
    if (known) return keepLatest(this.known, key, known, KEPT)
    const view = cutoutView(raster, pose)
    return keepLatest(this.known, key, inBox(await this.net.predict(view.input), view), KEPT)
  }

  dispose(): void {
    this.net.dispose()
  }
}

const open = async ({ backend, builtIn, models, onLoading, signal }: RunContext<never>) => {
  const pack = await builtIn('geometry')
  const geometries = await models.always('geometry', async () => {
    const source = await readPack(pack, onLoading, signal)
    return new CutoutGeometries(await GeometryNet.load(backend, pack.manifest.config, source))
  })
  return { geometries, hash: pack.hash }
}

/** The foregrounds' shapes in their order, and the hash of the model that told them. @throws as `CutoutGeometries.of` */
export async function geometriesOf(
  context: RunContext<never>,
  foregrounds: readonly PlacedForeground[],
  rasters: readonly Raster[],
): Promise<{ geometries: CutoutGeometry[]; modelHash: string }> {
  const { geometries, hash } = await open(context)
  const found: CutoutGeometry[] = []
  for (const [index, foreground] of foregrounds.entries()) {
    context.signal.throwIfAborted()
    found.push(await geometries.of(foreground, rasters[index]))
  }
  return { geometries: found, modelHash: hash }
}

/** Tells shapes to the page, whose previews and downloads are drawn without the engine. */
export const geometry: ExtraWork<'geometry'> = async (context, { foregrounds }, rasters, announce) => {
  const { geometries } = await geometriesOf(context, foregrounds, rasters)
  for (const [index, shape] of geometries.entries()) announce({ index, geometry: shape })
}
