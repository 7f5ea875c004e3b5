import type { klein as german } from '@/words/de/klein'

export const klein: Readonly<Record<keyof typeof german, string>> = {
  'Pictures at once': '同時に作る枚数',
  'Each has a seed of its own; you choose between them.': 'それぞれ別のシードで作り、その中から選びます。',
  'The part around the object is made at your photo’s own resolution, up to this squared; what is larger is scaled down and enlarged again.':
    'オブジェクトの周りは、このサイズの正方形まで写真本来の解像度で作ります。それより大きい場合は縮小してから拡大し直します。',
  'klein was made for 4, its Base model for 50.': 'klein は4、Base モデルは50ステップ向けです。',
  'klein transformer': 'klein の Transformer',
  'for klein': 'klein 用',
  On: 'オン',
  Off: 'オフ',
  '{choice} (default)': '{choice}（既定）',
  'Sees the cut-out alone': '切り抜き単体を見る',
  'A second reference, beside the photo with the cut-out pasted in.':
    '切り抜きを貼り付けた写真に加え、2つ目の参照として渡します。',
  'Sees the photo without it': '切り抜きのない写真を見る',
  'One more reference; costs a third of the time.': '参照が1つ増え、3分の1ほど余計に時間がかかります。',
  'Holds the surroundings': '周囲を固定する',
  'The photo is put back outside the object’s zone after every step.':
    'ステップごとに、オブジェクトの範囲の外を元の写真に戻します。',
  'Reads the text’s padding': 'テキストのパディングを読む',
  'As the release does; without it each step is shorter.':
    '公開版と同じです。オフにすると各ステップが短くなります。',
  'Optional. What is placed: a red metal cube': '任意。置くもの：a red metal cube',
  Instruction: '指示文',
  'The scene, in your words': 'シーンの説明',
  'Optional. What the whole picture shows, in 30 to 80 words': '任意。画像全体の内容を英語30～80語で',
  'The built-in instruction': '内蔵の指示文',
  'An instruction with your words': 'ご自身の言葉を含む指示文',
  'Once it has been read, it runs without the text encoder.':
    '一度読み込めば、テキストエンコーダーなしで動きます。',
  'New words need the text encoder, or a text that was kept.':
    '新しい言葉には、テキストエンコーダーか保存済みのテキストが必要です。',
}
