import { describe, expect, it } from 'vitest'

import { readParameters } from '@/app/parameters'

const base = 'https://studio.example/inlay/'

describe('readParameters', () => {
  it('has defaults', () => {
    expect(readParameters('', base)).toEqual({
      backend: null,
      packUrls: {
        painter: 'https://studio.example/inlay/models/painter/',
        painter2: null,
        scene: 'https://studio.example/inlay/models/scene/',
        geometry: 'https://studio.example/inlay/models/geometry/',
        cutout: 'https://studio.example/inlay/models/cutout/',
      },
      runtimeUrl: 'https://studio.example/inlay/ort/',
      debug: false,
    })
  })
  it('reads what makes sense', () => {
    const search = '?backend=cpu&painter=models/other&painter2=models/next/&debug'
    expect(readParameters(search, base)).toMatchObject({
      backend: 'cpu',
      packUrls: {
        painter: 'https://studio.example/inlay/models/other/',
        painter2: 'https://studio.example/inlay/models/next/',
      },
      debug: true,
    })
  })
  it('passes over what does not, other origins above all', () => {
    const other = 'https://elsewhere.example/m/'
    const read = readParameters(`?backend=tpu&painter=${other}&painter2=${other}`, base)
    expect(read).toMatchObject({
      backend: null,
      packUrls: { painter: 'https://studio.example/inlay/models/painter/', painter2: null },
    })
  })
})
