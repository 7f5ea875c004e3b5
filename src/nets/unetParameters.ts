import type { ParameterNames } from '@/nets/fluxParameters'
import type { UnetConfig } from '@/schema/pack'

/** Every parameter of the net under diffusers' names. */
export function unetParameters(config: UnetConfig): ParameterNames {
  const { channels, resnets, contextDim } = config
  const time = 4 * channels[0]
  const linears: [string, number, number][] = [
    ['time_embedding.linear_1', time, channels[0]],
    ['time_embedding.linear_2', time, time],
  ]
  const tensors: [string, readonly number[]][] = []
  const norm = (name: string, width: number) =>
    tensors.push([`${name}.weight`, [width]], [`${name}.bias`, [width]])
  const conv = (name: string, cin: number, cout: number, kernel: number) =>
    tensors.push([`${name}.weight`, [cout, cin, kernel, kernel]], [`${name}.bias`, [cout]])
  const resnet = (name: string, cin: number, cout: number) => {
    norm(`${name}.norm1`, cin)
    conv(`${name}.conv1`, cin, cout, 3)
    linears.push([`${name}.time_emb_proj`, cout, time])
    norm(`${name}.norm2`, cout)
    conv(`${name}.conv2`, cout, cout, 3)
    if (cin !== cout) conv(`${name}.conv_shortcut`, cin, cout, 1)
  }
  const attention = (name: string, width: number) => {
    const block = `${name}.transformer_blocks.0`
    norm(`${name}.norm`, width)
    for (const i of [1, 2, 3]) norm(`${block}.norm${i}`, width)
    linears.push([`${name}.proj_in`, width, width], [`${name}.proj_out`, width, width])
    for (const [attn, keys] of [
      ['attn1', width],
      ['attn2', contextDim],
    ] as const)
      linears.push(
        [`${block}.${attn}.to_q`, width, width],
        [`${block}.${attn}.to_k`, width, keys],
        [`${block}.${attn}.to_v`, width, keys],
        [`${block}.${attn}.to_out.0`, width, width],
      )
    linears.push([`${block}.ff.net.0.proj`, 8 * width, width], [`${block}.ff.net.2`, width, 4 * width])
  }

  conv('conv_in', config.inChannels, channels[0], 3)
  const skips = [channels[0]]
  let width = channels[0]
  for (const [i, cout] of channels.entries()) {
    for (let r = 0; r < resnets; r++) {
      resnet(`down_blocks.${i}.resnets.${r}`, width, cout)
      width = cout
      if (config.attention[i]) attention(`down_blocks.${i}.attentions.${r}`, cout)
      skips.push(cout)
    }
    if (i === channels.length - 1) continue
    conv(`down_blocks.${i}.downsamplers.0.conv`, cout, cout, 3)
    skips.push(cout)
  }
  resnet('mid_block.resnets.0', width, width)
  attention('mid_block.attentions.0', width)
  resnet('mid_block.resnets.1', width, width)
  for (let i = 0; i < channels.length; i++) {
    const level = channels.length - 1 - i
    const cout = channels[level]
    for (let r = 0; r <= resnets; r++) {
      resnet(`up_blocks.${i}.resnets.${r}`, width + (skips.pop() ?? 0), cout)
      width = cout
      if (config.attention[level]) attention(`up_blocks.${i}.attentions.${r}`, cout)
    }
    if (level > 0) conv(`up_blocks.${i}.upsamplers.0.conv`, cout, cout, 3)
  }
  norm('conv_norm_out', channels[0])
  conv('conv_out', channels[0], config.outChannels, 3)
  return { linears, tensors }
}
