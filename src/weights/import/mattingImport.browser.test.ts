/** Networks that cut out, from a dropped ONNX file to an installed pack and back. */
import { afterEach, beforeEach, expect, it } from 'vitest'

import { MATTING_FILE } from '@/families/matting'
import { memoryBytes } from '@/weights/formats/bytes'
import { importModel } from '@/weights/import/importer'
import { inspectFiles } from '@/weights/import/inspect'
import { filesOf, listInstalled, openInstalled, removeInstalled } from '@/weights/packs/installed'
import { tinyMatting } from '@/weights/testMatting'
import { clearModels } from '@/weights/testModels'

beforeEach(clearModels)
afterEach(clearModels)

const bytes = tinyMatting({ kind: 'isnet', weights: [1, 2, 3], height: 64, width: 64, bounded: true })
const OPTIONS = { precision: 'f16', name: '', role: null } as const

it('is told before it is imported, kept byte for byte, copied, removed and installed from the copy', async () => {
  const [group] = await inspectFiles([new File([bytes], 'some.onnx')])
  expect(group.found).toMatchObject({
    ok: true,
    value: {
      family: 'matting',
      name: 'some',
      description: 'Cuts out, ISNet or RMBG 1.4',
      parameters: 3,
      packBytes: {},
      bytesAsPublished: bytes.length,
    },
  })
  const model = await importModel([memoryBytes(bytes, 'some.onnx')], OPTIONS)
  expect(model).toMatchObject({ family: 'matting', name: 'some', bytes: bytes.length, problem: null })
  const pack = await openInstalled(model.id)
  expect(pack.manifest.config).toMatchObject({ of: 'isnet', input: 'picture', output: 'mask', height: 64 })
  expect(new Uint8Array(await (await pack.file(MATTING_FILE)).arrayBuffer())).toEqual(bytes)

  const copies = await Promise.all(
    (await filesOf(model.id)).map(async ({ name, file }) => ({
      name,
      bytes: new Uint8Array(await file.arrayBuffer()),
    })),
  )
  await removeInstalled(model.id)
  expect(await listInstalled()).toEqual([])
  const [again] = await inspectFiles(copies.map((one) => new File([one.bytes], one.name)))
  expect(again.files).toHaveLength(copies.length)
  const files = copies.map((one) => memoryBytes(one.bytes, one.name))
  expect((await importModel(files, OPTIONS)).hash).toBe(model.hash)
})

it('one that is called as all are takes the name of what it is', async () => {
  for (const name of ['model.onnx', 'model_fp16.onnx']) {
    const [{ found }] = await inspectFiles([new File([bytes], name)])
    expect(found).toMatchObject({ ok: true, value: { name: 'ISNet or RMBG 1.4' } })
  }
})
