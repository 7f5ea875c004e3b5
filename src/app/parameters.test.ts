import { describe, expect, it } from 'vitest'

import { readParameters } from '@/app/parameters'

const base = 'https://studio.example/inlay/'

describe('readParameters', () => {
  it('has defaults', () => {
    expect(readParameters('', base)).toEqual({
      backend: null,
      packUrls: {
        painter: 'https://studio.example/inlay/models/painter/',
        scene: 'https://studio.example/inlay/models/scene/',
        geometry: 'https://studio.example/inlay/models/geometry/',
        cutout: 'https://studio.example/inlay/models/cutout/',
      },
      runtimeUrl: 'https://studio.example/inlay/ort/',
      debug: false,
    })
  })
  it('reads what makes sense', () => {
    expect(readParameters('?backend=cpu&painter=models/other&debug', base)).toMatchObject({
      backend: 'cpu',
      packUrls: { painter: 'https://studio.example/inlay/models/other/' },
      debug: true,
    })
  })
  it('passes over what does not, other origins above all', () => {
    const read = readParameters('?backend=tpu&painter=https://elsewhere.example/m/', base)
    expect(read).toMatchObject({
      backend: null,
      packUrls: { painter: 'https://studio.example/inlay/models/painter/' },
    })
  })
})
