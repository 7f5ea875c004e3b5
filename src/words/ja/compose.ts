import type { compose as german } from '@/words/de/compose'

export const compose: Readonly<Record<keyof typeof german, string>> = {
  'Built in': '内蔵',
  'Small pictures of emoji’s world, in its own words, with up to three references. Nothing to bring.':
    '絵文字の世界の小さな画像を、決まった言葉と最大3つの参照から作ります。用意するものはありません。',
  'FLUX.1-dev with the DreamO LoRAs, which you bring. Up to nine references.':
    'FLUX.1-dev と DreamO の LoRA（ご自身で用意）。参照は最大9つ。',
  'Four steps, a free licence, up to four references. You bring it.':
    '4ステップ、自由なライセンス、参照は最大4つ。ご自身で用意します。',
  'More natural skin and fewer broken hands.': '肌がより自然で、手の破綻が少なくなります。',
  'Keeps several similar subjects apart better; can look glossy.':
    '似た被写体をよりよく区別しますが、てかって見えることがあります。',
  'Lower where skin looks like plastic, higher where limbs or letters go wrong.':
    '肌がプラスチックのように見えるときは低く、手足や文字が崩れるときは高くします。',
  'Reference size': '参照のサイズ',
  'Larger keeps letters and fine detail; some pictures get worse above 576.':
    '大きいほど文字や細部が残りますが、576 を超えると悪くなる画像もあります。',
  'Between, references stay as the model last saw them. Faster, takes more memory, and no longer exactly what the model says.':
    'その間、参照はモデルが最後に見た状態のままです。速くなりますが、メモリを多く使い、モデルの結果と完全には一致しなくなります。',
  'First step’s guidance': '最初のステップのガイダンス',
  'as the others': 'ほかと同じ',
  'True guidance': '真のガイダンス',
  'Runs steps a second time without the references.': '参照なしでステップをもう一度計算します。',
  from: '開始',
  'True guidance begins at this step, from 0': '真のガイダンスを始めるステップ（0から）',
  to: '終了',
  'True guidance ends before this step': '真のガイダンスはこのステップの手前で終わります',
  'What to keep away': '避けたいもの',
  'Guidance of that': 'その強さ',
  'For example: the toy from [ref#1] on a beach at sunset': '例：the toy from [ref#1] on a beach at sunset',
  'With a style reference the prompt is sent with “{prefix}” before it.':
    'スタイルの参照があると、プロンプトの前に「{prefix}」が付きます。',
  'Type {bracket} to name a reference. Naming them is optional.':
    '{bracket} を入力すると参照を指定できます。指定は任意です。',
  'Press Fuse to make it.': '「合成」を押すと作成します。',
  'Describe the new picture, then press Fuse.': '新しい画像を説明してから「合成」を押してください。',
  'A new picture from your references': '参照から新しい画像を',
  'Add references': '参照を追加',
  'or drop files here, or paste with {keys}, or take a result from the strip below':
    'または、ここにファイルをドロップするか、{keys} で貼り付けるか、下の一覧から結果を選択',
  'or drop files here, or paste with {keys}': 'または、ここにファイルをドロップするか、{keys} で貼り付け',
  'What a reference can be': '参照の種類',
  'Add up to nine pictures, say what each one shows, and describe the picture that you want.':
    '画像を最大9枚追加し、それぞれが何を示すかを選び、ほしい画像を説明してください。',
  'Add up to four pictures, say what each one shows, and describe the picture that you want.':
    '画像を最大4枚追加し、それぞれが何を示すかを選び、ほしい画像を説明してください。',
  'Add up to three pictures, and describe the picture that you want.':
    '画像を最大3枚追加し、ほしい画像を説明してください。',
  'Compose runs on FLUX.1-dev with DreamO, which you bring. FLUX.2 [klein] is smaller and faster: see Model.':
    'Compose は FLUX.1-dev と DreamO（ご自身で用意）で動きます。FLUX.2 [klein] はより小さく高速です（「モデル」を参照）。',
  'Compose runs on FLUX.2 [klein], which you bring.': 'Compose は FLUX.2 [klein]（ご自身で用意）で動きます。',
  'They are large, so they do not come with the studio.':
    'サイズが大きいため、スタジオには含まれていません。',
  'The picture so far': 'ここまでの画像',
  'The composed picture': '作成した画像',
  'How to look at the picture': '画像の見え方',
  'Which part of the picture listens to which reference (L)': '画像のどの部分がどの参照に従うか (L)',
  'Response maps are kept until the page is closed; fuse again to see them':
    '応答マップはページを閉じるまで保持されます。もう一度合成すると表示できます',
  'Export the response maps as PNG': '応答マップを PNG で書き出す',
  'Show every pixel': '等倍で表示',
  Sources: 'ソース',
  'Show the map of {name} alone': '{name} のマップだけを表示',
  'What the model reads': 'モデルが読む文',
  'Write it of the prompt again': 'プロンプトから作り直す',
  'Yours: prompt and roles no longer change it.': 'ご自身の文です。プロンプトや役割を変えても変わりません。',
  'Written of the prompt and the roles; references are called by their numbers. You can change it.':
    'プロンプトと役割から作られます。参照は番号で呼ばれます。変更もできます。',
  '[klein] was made for 4; its Base needs 50.': '[klein] は4ステップ向け、Base には50が必要です。',
  'Size of further references': '2つ目以降の参照のサイズ',
  'The first goes in as it is, up to 1024 px; the others are scaled down to this, squared. Smaller is faster.':
    '1つ目は 1024 px までそのまま使い、ほかはこのサイズの正方形まで縮小します。小さいほど速くなります。',
  'Guidance, of Base': 'ガイダンス（Base）',
  '[klein] itself takes none.': '[klein] 自体は使いません。',
  'for FLUX.2 [klein]': 'FLUX.2 [klein] 用',
  'Higher follows the prompt more closely and varies less.':
    '高くするとプロンプトに忠実になり、変化が少なくなります。',
  'Goes in as image {number}, {width} × {height}.': '画像 {number} として入力（{width} × {height}）。',
  'Look at {name}': '{name} を見る',
  'Move {name} up': '{name} を上へ',
  'Move {name} down': '{name} を下へ',
  'What {name} shows': '{name} が示すもの',
  'Frame the face': '顔を囲む',
  '{count} of {most}': '{count} / {most}',
  'Your reference pictures will be listed here.': '参照画像がここに並びます。',
  Shape: '形',
  '{size}, draft': '{size}（試作）',
  'About {size} × {size} pixels': '約 {size} × {size} ピクセル',
  'Width, pixels, in steps of 16': '幅（ピクセル、16 刻み）',
  'Height, pixels, in steps of 16': '高さ（ピクセル、16 刻み）',
  'For example: a red owl on a meadow': '例：a red owl on a meadow',
  'A new picture from references': '参照から新しい画像',
  'As references': '参照として',
  'Of the new picture': '新しい画像の参照',
  'The new picture is shown.': '新しい画像が表示されています。',
  'Use as a reference': '参照として使う',
  'The model read': 'モデルが読んだ文',
  Subject: '被写体',
  'An object, animal or character to show. Works best cut out.':
    '表示したい物、動物、キャラクター。切り抜くと最もよく働きます。',
  Identity: '人物',
  'A person’s face. Frame it; the rest is ignored.': '人の顔。枠で囲んでください。残りは無視されます。',
  Style: 'スタイル',
  'How the picture looks, not what it shows.': '画像の内容ではなく、見た目。',
  'Try-on': '試着',
  'Clothing to wear. Works best cut out.': '着せたい服。切り抜くと最もよく働きます。',
  square: '正方形',
  landscape: '横長',
  'photo, landscape': '写真（横）',
  wide: 'ワイド',
  portrait: '縦長',
  'photo, portrait': '写真（縦）',
  tall: '縦長ワイド',
}
