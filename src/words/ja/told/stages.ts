import type { stages as german } from '@/words/de/told/stages'

export const stages: Readonly<Record<keyof typeof german, string>> = {
  Stopping: '中止しています',
  'Keeping the result': '結果を保存しています',
  'Getting ready': '準備しています',
  'Applying at full resolution': 'フル解像度で適用しています',
  'Reading the prompt': 'プロンプトを読んでいます',
  'Reading the pictures': '画像を読んでいます',
  'Following your picture back to noise': '画像をノイズまでさかのぼっています',
  'Loading the transformer': 'Transformer を読み込んでいます',
  'Developing the picture': '画像を現像しています',
  'Developing what is finished': 'できたものを現像しています',
  '{told}, step {n} of {n2}': '{told}、ステップ {n} / {n2}',
  'Reading the scene {n} of {n2}': 'シーンを読んでいます（{n} / {n2}）',
  'Reading the scene': 'シーンを読んでいます',
  'Loading the model, {n} of {n2}': 'モデルを読み込んでいます（{n} / {n2}）',
  'Waiting for the engine': 'エンジンを待っています',
  'You chose the GPU: {detail}.': 'GPU が選ばれています：{detail}。',
  'Running on your GPU: {detail}.': 'GPU で動いています：{detail}。',
  'Its driver computes wrong numbers in {detail}: another way is taken.':
    'ドライバーの計算が誤っています（{detail}）。別の方法を使います。',
  'Running on the CPU: {told}': 'CPU で動いています：{told}',
  'Running on the CPU: {detail}.': 'CPU で動いています：{detail}。',
  'You chose the CPU.': 'CPU が選ばれています。',
  'The only GPU adapter is emulated ({name}); the CPU is faster.':
    'GPU アダプターはエミュレーションだけです（{name}）。CPU のほうが速く動きます。',
  'no GPU adapter was found': 'GPU アダプターが見つかりません',
  'this browser has no WebGPU': 'このブラウザーには WebGPU がありません',
  'browsers give the GPU to secure addresses only (localhost or https)':
    'ブラウザーが GPU を使わせるのは安全なアドレス（localhost または https）だけです',
  'the GPU did not answer ({detail})': 'GPU が応答しませんでした（{detail}）',
  'It fits: {n} of weights and up to {n2} for the picture, within {n3}.':
    '収まります：重み {n}、画像に最大 {n2}（上限 {n3}）。',
  'It fits: {n} of weights and up to {n2} for the pictures, within {n3}.':
    '収まります：重み {n}、複数の画像に最大 {n2}（上限 {n3}）。',
  'It needs {n} where {n2} may be used, so {n3} of weights are read from disk in every step: allow more memory or choose a smaller picture to avoid it.':
    '{n} 必要ですが、使えるのは {n2} です。そのためステップごとに重み {n3} をディスクから読みます。メモリの上限を上げるか、画像を小さくすると避けられます。',
  'It needs {n} where {n2} may be used, so {n3} of weights are read from disk in every step, about {n4} more each: allow more memory or choose a smaller picture to avoid it.':
    '{n} 必要ですが、使えるのは {n2} です。そのためステップごとに重み {n3} をディスクから読み、1ステップあたり約 {n4} 長くかかります。メモリの上限を上げるか、画像を小さくすると避けられます。',
  'It needs {n} and may use {n2}: import the U-Net at 4 bits, choose smaller pictures, or allow more memory in Models.':
    '{n} 必要ですが、使えるのは {n2} です。U-Net を 4 ビットで取り込むか、画像を小さくするか、「モデル」でメモリの上限を上げてください。',
  'Even block by block it needs {n} where {n2} may be used: choose a smaller picture or fewer references, or allow more memory.':
    'ブロックごとに処理しても {n} 必要ですが、使えるのは {n2} です。画像を小さくするか、参照を減らすか、メモリの上限を上げてください。',
  'This needs one piece of {n} for the picture, and this GPU takes at most {n2}: choose a smaller picture or fewer references.':
    '画像のために {n} のひとまとまりが必要ですが、この GPU は {n2} までです。画像を小さくするか、参照を減らしてください。',
  'This needs one piece of {n} for a weight, and this GPU takes at most {n2}: import the model at 4 or 8 bits.':
    '重みのために {n} のひとまとまりが必要ですが、この GPU は {n2} までです。モデルを 4 ビットまたは 8 ビットで取り込んでください。',
  '{n} tokens a step, {n2} TFLOP at most: measure this device in Models to see how long that takes.':
    '1ステップ {n} トークン、最大 {n2} TFLOP です。かかる時間を知るには、「モデル」でこのデバイスを測定してください。',
  'This is Base, which needs about 50 steps.': 'これは Base です。50 ステップほど必要です。',
  'Running on the CPU: {told}.': 'CPU で動いています：{told}。',
  Fusing: '合成しています',
  Sampling: '生成しています',
  Inverting: '画像をさかのぼっています',
  'Trying mixtures': '混合を試しています',
  'Pair {n} of {n2}': 'ペア {n} / {n2}',
}
