import { describe, expect, it } from 'vitest'

import { openAdapter, type Adapter } from '@/weights/lora/lora'
import { dreamoEmbeddings, imageTags, placeholderRows } from '@/weights/lora/loraEmbeddings'
import { checkpoint, H, problem, waves, type Tensors } from '@/weights/lora/testAdapters'

const open = (tensors: Tensors): Promise<Adapter> => openAdapter(checkpoint(tensors), null)

describe('embeddings that travel with an adapter', () => {
  const task = waves(2, H, 1)
  const index = waves(10, H, 2)

  it.each(['', '.weight'])('DreamO: task and index rows named with "%s", alone in a file', async (suffix) => {
    const adapter = await open({
      [`dreamo_task_embedding${suffix}`]: task,
      [`dreamo_idx_embedding${suffix}`]: index,
    })
    expect(adapter.dialect).toBeNull()
    expect(adapter.notes).toEqual([])
    expect(await dreamoEmbeddings([adapter], H)).toEqual({ task: task.data, index: index.data })
  })

  it('DreamO: the last ten rows of a whole T5 table', async () => {
    const table = waves(13, 5, 3)
    const adapter = await open({ 'dreamo_t5_embedding.weight': table })
    expect(await placeholderRows([adapter], 5)).toEqual(table.data.slice(3 * 5))
  })

  it('DreamFuse: three tags, from whichever adapter has them', async () => {
    const tags = waves(3, H, 4)
    const other = await open({ dreamo_task_embedding: task })
    const adapter = await open({ 'base_model.model.image_tag_embeddings.default.weight': tags })
    expect(await imageTags([other, adapter], H)).toEqual(tags.data)
    expect(await imageTags([other], H)).toBeNull()
    expect(await placeholderRows([other], H)).toBeNull()
    expect(await dreamoEmbeddings([adapter], H)).toBeNull()
  })

  it('are refused in another shape or by halves', async () => {
    const wide = await open({ 'image_tag_embeddings.weight': waves(3, H + 1, 1) })
    expect((await problem(() => imageTags([wide], H))).detail).toBe('expected [3, 6], found [3, 7]')
    const many = await open({ dreamo_task_embedding: waves(3, H, 1), dreamo_idx_embedding: index })
    expect((await problem(() => dreamoEmbeddings([many], H))).detail).toBe('expected [2, 6], found [3, 6]')
    const few = await open({ dreamo_t5_embedding: waves(9, H, 1) })
    expect((await problem(() => placeholderRows([few], H))).detail).toBe('expected [10, 6], found [9, 6]')
    const half = await open({ dreamo_idx_embedding: index })
    expect((await problem(() => dreamoEmbeddings([half], H))).detail).toContain('found only dreamo_idx')
  })
})
