/** The device as the kernels see it: compiled pipelines, small uniforms, dispatches. */
import type { Tensor } from '@/backend/tensor'
import { capabilitiesOf, type Capabilities } from '@/backend/webgpu/capabilities'
import { preprocess, type Defines } from '@/backend/webgpu/preprocess'
import { fail } from '@/base/errors'

export interface KernelSource {
  /** Short name for labels and errors, e.g. `flash_tile`. */
  name: string
  wgsl: string
  /** Files that the source may `#include`, by name. */
  includes?: Record<string, string>
}

export class Gpu {
  readonly device: GPUDevice
  private offered: Capabilities
  private readonly pipelines = new Map<string, GPUComputePipeline>()
  private readonly uniforms = new Map<number, GPUBuffer[]>()
  private inUse: GPUBuffer[] = []

  constructor(device: GPUDevice) {
    this.device = device
    this.offered = capabilitiesOf(device)
  }

  get capabilities(): Capabilities {
    return this.offered
  }

  /** Has a strategy of attention never taken again on this device. @param half only where keys and values are halves */
  distrust(strategy: string, half = false): void {
    const name = half ? `${strategy} with halves` : strategy
    this.offered = { ...this.offered, faulty: [...this.offered.faulty, name] }
  }

  /** Has a plan taken first for a class of shapes. */
  prefer(shapes: string, plan: string): void {
    this.offered = { ...this.offered, preferred: { ...this.offered.preferred, [shapes]: plan } }
  }

  /** The pipeline of a kernel variant, compiled once; entry point `main`, layout inferred. */
  pipeline(source: KernelSource, defines: Defines): GPUComputePipeline {
    const key = `${source.name} ${JSON.stringify(defines)}`
    let pipeline = this.pipelines.get(key)
    if (!pipeline) {
      const code = preprocess(source.wgsl, defines, source.includes ?? {})
      const module = this.device.createShaderModule({ code, label: key })
      pipeline = this.device.createComputePipeline({
        label: key,
        layout: 'auto',
        compute: { module, entryPoint: 'main' },
      })
      this.pipelines.set(key, pipeline)
    }
    return pipeline
  }

  /** A uniform buffer holding `data`, valid until `recycleUniforms`. */
  uniform(data: ArrayBuffer): GPUBuffer {
    const size = Math.max(16, Math.ceil(data.byteLength / 16) * 16)
    const buffer =
      this.uniforms.get(size)?.pop() ??
      this.device.createBuffer({
        size,
        usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
        label: `uniform ${size}`,
      })
    this.device.queue.writeBuffer(buffer, 0, data)
    this.inUse.push(buffer)
    return buffer
  }

  /**
   * Makes the uniforms handed out so far free for reuse. Safe at any time: writeBuffer is ordered with
   * the submitted dispatches, so a later write never reaches an earlier dispatch.
   */
  recycleUniforms(): void {
    for (const buffer of this.inUse) {
      const free = this.uniforms.get(buffer.size) ?? []
      free.push(buffer)
      this.uniforms.set(buffer.size, free)
    }
    this.inUse = []
  }

  /** Runs one dispatch: bindings go to group 0 in order, undefined entries are skipped. */
  dispatch(
    pipeline: GPUComputePipeline,
    bindings: readonly (GPUBuffer | undefined)[],
    workgroups: readonly [number, number, number],
  ): void {
    const entries: GPUBindGroupEntry[] = []
    bindings.forEach((buffer, binding) => {
      if (buffer) entries.push({ binding, resource: { buffer } })
    })
    const encoder = this.device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    pass.setPipeline(pipeline)
    pass.setBindGroup(0, this.device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }))
    pass.dispatchWorkgroups(...workgroups)
    pass.end()
    this.device.queue.submit([encoder.finish()])
    this.recycleUniforms()
  }

  /** A pipeline whose shader did not compile is an object like any other; asked for again, it is compiled again. */
  forgetPipelines(): void {
    this.pipelines.clear()
  }

  dispose(): void {
    this.recycleUniforms()
    for (const buffers of this.uniforms.values()) for (const buffer of buffers) buffer.destroy()
    this.uniforms.clear()
    this.forgetPipelines()
  }
}

/** The buffer of a webgpu tensor. */
export function bufferOf(tensor: Tensor): GPUBuffer {
  return (
    tensor.buffer ??
    fail('internal', `"${tensor.label}" is not on the GPU.`, 'This is a mistake in Inlay; please report it.')
  )
}

/** Workgroups of a grid over `count` invocations, spread over two axes where one is too short. */
export function linearGrid(count: number, workgroup: number): [number, number, number] {
  const groups = Math.ceil(count / workgroup)
  const rows = Math.max(1, Math.ceil(groups / 65535))
  return [Math.ceil(groups / rows), rows, 1]
}
