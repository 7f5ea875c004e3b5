import type { document as german } from '@/words/de/told/document'

export const document: Readonly<Record<keyof typeof german, string>> = {
  '{name} does not come with this studio: choose another model.':
    'このスタジオには {name} が付属していません。別のモデルを選んでください。',
  '{name} does not come with this studio.': 'このスタジオには {name} が付属していません。',
  '{name} needs {list}: open Models.':
    '{name} に必要なものが足りません：{list}。「モデル」を開いてください。',
  'Without {list} only prompts that have run before can be used.':
    '未インストール：{list}。使えるのは、以前に実行したプロンプトだけです。',
  'Runs without {list}: not installed.': '{list} なしで動きます（未インストール）。',
  'A document holds at most {n} layers.': 'ドキュメントに入るレイヤーは {n} 枚までです。',
  'Remove some that you no longer need.': '要らないものを取り除いてください。',
  'At most {n} LoRAs can be added.': '追加できる LoRA は {n} 個までです。',
  'Take one out first.': '先に1つ外してください。',
  'The gallery holds at most {n} pictures.': 'ギャラリーに入る画像は {n} 枚までです。',
  'Remove some first.': '先にいくつか取り除いてください。',
  'Remove one first.': '先に1つ取り除いてください。',
  'Compose takes at most {n} references.': 'Compose で使える参照は {n} 個までです。',
  'Mix takes at most {n} objects.': 'Mix で使えるオブジェクトは {n} 個までです。',
  'No layer is fused: the first fused layer comes after the last one.':
    'どの層も合成されません。合成する最初の層が最後の層より後になっています。',
  'No step is fused: the first fused step comes after the last one.':
    'どのステップも合成されません。合成する最初のステップが最後のステップより後になっています。',
  'Base or reference were made with another prompt or settings: Fuse makes them anew.':
    'ベースまたは参照は別のプロンプトか設定で作られたものです。合成すると作り直されます。',
  'Pick at least one word under the prompt: its region is taken over.':
    'プロンプトの下で単語を1つ以上選んでください。その領域が引き継がれます。',
  'Base and reference are the same: choose another one.':
    'ベースと参照が同じ画像です。別のものを選んでください。',
  'Choose {list} among the pictures.': '画像の中から選んでください：{list}。',
  'a base': 'ベース',
  'a reference': '参照',
  'Sample more pictures: it takes two.': '画像をもっと生成してください。2枚必要です。',
  'Sample some pictures to choose from.': '選ぶための画像を何枚か生成してください。',
  'Describe the picture in the prompt.': 'プロンプトに画像の内容を書いてください。',
  'Describe the new picture in the prompt.': 'プロンプトに新しい画像の内容を書いてください。',
  'Add a reference picture.': '参照画像を追加してください。',
  'FLUX.2 [klein] takes up to {n} references: remove {n2}.':
    'FLUX.2 [klein] で使える参照は {n} 個までです。{n2} 個取り除いてください。',
  'The built-in model takes up to {n} references: remove {n2}.':
    '内蔵モデルで使える参照は {n} 個までです。{n2} 個取り除いてください。',
  'Above about 1.1 megapixels FLUX.2 [klein] samples in another way: try 1024 x 1024 first.':
    '約 1.1 メガピクセルを超えると FLUX.2 [klein] のサンプリングが変わります。まず 1024 × 1024 で試してください。',
  'DreamO learned style from a single reference; beside others it may be lost.':
    'DreamO はスタイルを単独の参照で学習しています。ほかの参照と一緒では失われることがあります。',
  'The prompt names {list}, but there is no such reference.':
    'プロンプトに {list} とありますが、その参照はありません。',
  'Give at least one object some strength in the noise.':
    '少なくとも1つのオブジェクトに、ノイズ内での強さを与えてください。',
  'Say what the first object is, for example “glass jar”.':
    '1つ目のオブジェクトが何かを書いてください（例：「glass jar」）。',
  'Say what the second object is, for example “glass jar”.':
    '2つ目のオブジェクトが何かを書いてください（例：「glass jar」）。',
  'Say what the third object is, for example “glass jar”.':
    '3つ目のオブジェクトが何かを書いてください（例：「glass jar」）。',
  'Say what the fourth object is, for example “glass jar”.':
    '4つ目のオブジェクトが何かを書いてください（例：「glass jar」）。',
  '“{name}” is there twice: choose another picture for one of them.':
    '「{name}」が2つあります。どちらかを別の画像にしてください。',
  'Move “{name}” onto the picture: it lies outside.':
    '「{name}」が画像の外にあります。画像の上へ移動してください。',
  'Hide some foregrounds: {n} can be fused at once.':
    '前景をいくつか非表示にしてください。一度に合成できるのは {n} 枚です。',
  'Merge “{name}” into the background, or make it whole, normal and opaque: a fuse starts from one picture.':
    '「{name}」を背景に結合するか、マスクなし・通常・不透明にしてください。合成は1枚の画像から始まります。',
  'Show a foreground, or add one above the accepted result.':
    '前景を表示するか、適用した結果の上に前景を追加してください。',
  'Add a foreground to place on it.': 'その上に置く前景を追加してください。',
  'Add a background picture.': '背景画像を追加してください。',
  '“{name}” shines through: what is behind it will be neither bent nor tinted, and its shadow is merely lighter.':
    '「{name}」は透けています。後ろのものは屈折も着色もされず、影が薄くなるだけです。',
  '“{name}” looks like a drawing: light and ground are read off photographs. Set light and horizon by hand.':
    '「{name}」は絵のようです。光と地面は写真から読み取ります。光と水平線を手動で設定してください。',
  '“{name}” is dark: light is hard to read off it, and shadows will hardly show. If it looks wrong, set the light by hand.':
    '「{name}」は暗い画像です。光を読み取りにくく、影もほとんど見えません。不自然なら光を手動で設定してください。',
  '“{name}” is smaller than {n} pixels of the picture: nobody will see it.':
    '「{name}」は画像上で {n} ピクセルより小さく、見えません。',
  '“{name}” is enlarged {n} times and will look soft: use a larger cut-out.':
    '「{name}」は {n} 倍に拡大されていて、ぼやけます。より大きな切り抜きを使ってください。',
  '“{name}” is given to the model whole, opaque and normal: it repaints what it is shown.':
    '「{name}」はマスクなし・不透明・通常の状態でモデルに渡されます。モデルは見たものを描き直します。',
  '“{name}” stands above the horizon, where no ground is: move it down, move the horizon, or say that it does not stand.':
    '「{name}」は地面のない水平線より上に立っています。下へ動かすか、水平線を動かすか、立っていないことを指定してください。',
  'The shapes of the objects could not be told, so their shadows follow their outlines.':
    'オブジェクトの形が読み取れなかったため、影は輪郭に沿います。',
  'The detail lock did nothing for “{name}”: the result is too unlike the cut-out (they agree less than {n}).':
    '「{name}」には細部の保持が効きませんでした。結果が切り抜きと違いすぎます（一致が {n} 未満）。',
  '“{name}”: {n} of {n2} steps changed little and were guessed.':
    '「{name}」：{n2} ステップのうち {n} は変化が小さいため推定しました。',
  'Show “{name}” first: what is hidden is not merged.':
    '先に「{name}」を表示してください。非表示のものは結合されません。',
  'Inlay Mini, which made it, is no longer there: Inlay Mini 2 draws it in its own way.':
    'これを作った Inlay Mini はもうありません。Inlay Mini 2 が独自に描きます。',
  'light by hand': '手動の光',
  'The engine is not ready.': 'エンジンの準備ができていません。',
  '{n} more': 'ほか {n} 件',
  '“{name}”’s part of the photo has more pixels than the model works on: what it made there was enlarged ×{n}.':
    '「{name}」のまわりの写真は、モデルが扱うより多くのピクセルを持っています。作った部分は {n} 倍に拡大しました。',
}
