/** K/V fusion on WebGPU: keys and values of all batch items in one dispatch. Contract: `types.ts`. */
import attentionLoad from '@shaders/attention_load.wgsl?raw'
import source from '@shaders/kv_fusion.wgsl?raw'
import { checkKvFusion, type KvFusionArgs } from '@/backend/kernels/kvFusion/types'
import { packFields, type Field } from '@/backend/kernels/params'
import { bufferOf, linearGrid, type Gpu, type KernelSource } from '@/backend/webgpu/gpu'

const KERNEL: KernelSource = {
  name: 'kv_fusion',
  wgsl: source,
  includes: { 'attention_load.wgsl': attentionLoad },
}
const WORKGROUP = 64

/** Issues the dispatch; returns before the device is done. */
export function kvFusionWebgpu(gpu: Gpu, args: KvFusionArgs): void {
  checkKvFusion(args)
  const { batch, width, grid, target, reference, mask } = args
  const vectors = Math.ceil(width / 4)
  const pipeline = gpu.pipeline(KERNEL, {
    WORKGROUP,
    HEAD_DIM: width,
    D4: vectors,
    VEC4: width % 4 === 0,
    HALF_REFERENCE: reference.k.dtype === 'float16',
  })
  const bindings = [
    gpu.uniform(packFields(fusionFields(args))),
    bufferOf(target.k),
    bufferOf(target.v),
    bufferOf(reference.k),
    bufferOf(reference.v),
    bufferOf(mask),
  ]
  gpu.dispatch(pipeline, bindings, linearGrid(batch * grid.rows * grid.columns * vectors, WORKGROUP))
}

/** The `Params` struct of kv_fusion.wgsl. */
export function fusionFields({ batch, grid, mask }: KvFusionArgs): Field[] {
  const [items, maskRows, maskColumns] = mask.dims
  const u32 = (name: string, ...values: number[]): Field => ({ name, type: 'u32', values })
  return [
    u32('batch', batch),
    u32('rows', grid.rows),
    u32('columns', grid.columns),
    u32('items', items),
    u32('mask_rows', maskRows),
    u32('mask_columns', maskColumns),
    u32('padding', 0, 0),
  ]
}
