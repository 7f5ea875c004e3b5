import type { mix as german } from '@/words/de/mix'

export const mix: Readonly<Record<keyof typeof german, string>> = {
  Drafts: '試作',
  'Of other pictures, words, settings or models; new ones take their place.':
    '別の画像、言葉、設定、モデルのものです。新しい試作に置き換わります。',
  'This picture': 'この画像',
  'This draft': 'この試作',
  'the best': '最良',
  'Draft: {words}': '試作：{words}',
  object: 'オブジェクト',
  'How {name} looks': '{name} の見た目',
  'What {name} is called': '{name} の名前',
  'Upper bar: looks alike; lower bar: is called so. Imbalance {imbalance}.':
    '上のバー：見た目の近さ。下のバー：名前の近さ。偏り {imbalance}。',
  '{name}.': '{name}。',
  '{name}: {value}': '{name}：{value}',
  'Small pictures in the manner of emoji. Nothing to bring.':
    '絵文字風の小さな画像。用意するものはありません。',
  'FLUX.1 with Redux, which you bring.': 'FLUX.1 と Redux（ご自身で用意）。',
  Balance: 'バランス',
  'Balance of both': '両者のバランス',
  'Find it': '自動で探す',
  'At most {drafts} drafts of {size} px in {steps} steps; then the best one at full quality.':
    '{size} px、{steps} ステップの試作を最大 {drafts} 枚作り、最良のものを最高画質で仕上げます。',
  'The slider shows the nearest draft; let go, and the exact one is made.':
    'スライダーは最も近い試作を表示します。離すと、その位置の試作を作ります。',
  'Three balances, each with either object stronger in the noise, and with both alike':
    '3つのバランスについて、それぞれ一方をノイズ内で強めたものと、同じ強さのもの',
  'Try a grid of nine drafts': '9枚の試作を並べる',
  'As the authors': '著者と同じ',
  '{size} × {size} pixels': '{size} × {size} ピクセル',
  'Krea, else the newest': 'Krea、なければ最新のもの',
  'Strength of {name} in the noise': 'ノイズ内の {name} の強さ',
  'Mixing of tokens': 'トークンの混ぜ方',
  'As released': '公開版と同じ',
  'By angle': '角度で',
  'As a whole': '全体で',
  'The authors’ code mixes nearly all tokens straight; by angle, each is turned.':
    '著者のコードはほぼすべてのトークンを直線的に混ぜます。「角度で」では一つずつ回転させます。',
  'Size of drafts': '試作のサイズ',
  'Steps of drafts': '試作のステップ数',
  'Rounds of the search': '探索の回数',
  'Each draws the noise anew, where no draft so far is good enough; at most {count} drafts a round.':
    '十分な試作がまだないとき、毎回ノイズを引き直します。1回につき最大 {count} 枚です。',
  'Two objects': '2つのオブジェクト',
  'One on each picture; cut out they are compared more exactly.':
    '1枚に1つずつ。切り抜くと、より正確に比較できます。',
  'Their balance': 'そのバランス',
  'Drafts are made and scored until both show; you see each of them.':
    '両方が現れるまで試作と評価を繰り返します。すべて見ることができます。',
  'One picture': '1枚の画像',
  'The best mixture at full quality, or the one that you choose.':
    '最良の混合、または選んだものを最高画質で。',
  'Now the second object': '次は2つ目のオブジェクト',
  'Two objects become one': '2つのオブジェクトを1つに',
  'Add the picture of another object. Both will be mixed into a single new one.':
    '別のオブジェクトの画像を追加してください。2つを混ぜて1つの新しいものを作ります。',
  'Add two pictures, each of one object. They are mixed into a single new one that shows both.':
    'オブジェクトが1つずつ写った画像を2枚追加してください。両方を併せ持つ1つの新しいものに混ぜます。',
  'Add the second object': '2つ目のオブジェクトを追加',
  'Add two objects': 'オブジェクトを2つ追加',
  'How it goes': '手順',
  'Mix runs on FLUX.1 with Redux, which you bring.': 'Mix は FLUX.1 と Redux（ご自身で用意）で動きます。',
  'The mixture': '混合結果',
  'The last draft': '最後の試作',
  'Press Fuse to mix them.': '「合成」を押すと混ぜます。',
  'A draft': '試作',
  '{draft}: {shares}, {small} px. Fuse makes it at {large} px.':
    '{draft}：{shares}、{small} px。「合成」で {large} px に仕上げます。',
  'Nearest draft': '最も近い試作',
  'Cut {name} out': '{name} を切り抜く',
  'What {name} is': '{name} は何か',
  'What is it?': 'これは何ですか？',
  'Swap both objects': '2つのオブジェクトを入れ替え',
  'Your objects will be listed here.': 'オブジェクトがここに並びます。',
  'More than two objects go beyond the paper: you choose their shares, no search finds them.':
    '3つ以上のオブジェクトは論文の範囲外です。割合は自分で選び、探索は行いません。',
  'Add objects': 'オブジェクトを追加',
  Parts: '部分',
  'Draw a place for': '場所を描く対象',
  'Draw a box on the picture: there it shall be {name} alone':
    '画像に枠を描くと、そこは {name} だけになります',
  '{name} here': 'ここは {name}',
  'Remove place {number}': '場所 {number} を取り除く',
  'Draw a box on the picture.': '画像に枠を描いてください。',
  'Fuse follows them, drafts do not show them. Every step of the picture runs {count} times.':
    '「合成」に反映され、試作には現れません。画像の各ステップを {count} 回計算します。',
  'A part of the picture that one object shall have alone; beyond the paper.':
    '画像の一部を1つのオブジェクトだけのものにします（論文の範囲外）。',
  'Scores of the drafts': '試作のスコア',
  'As objects': 'オブジェクトとして',
  'To be mixed': '混ぜる素材',
  'The mixture is shown.': '混合結果が表示されています。',
  'Use as an object': 'オブジェクトとして使う',
  found: '探索で決定',
  'object {letter}': 'オブジェクト {letter}',
  'The objects stand beside each other instead of being one. Try another seed, or find the balance in more rounds.':
    'オブジェクトが1つにならず並んでいます。別のシードを試すか、探索の回数を増やしてください。',
  'one object': '一方のオブジェクト',
  'One-sided': '偏り',
  'There is little of {name}: move the balance towards it, or give it more strength in the noise.':
    '{name} がほとんど現れていません。バランスをそちらへ寄せるか、ノイズ内の強さを上げてください。',
  'its own outline': '自身の輪郭',
  'where the cut-out network sees it': '切り抜きネットワークが検出した部分',
  'the whole picture': '画像全体',
  'Compared by {parts}; the mixture: {mixture}. The scale of names was measured on your pictures, for this CLIP is not the authors’. The search ends at their 2.4 on it, too, where that is only a hint.':
    '比較対象は {parts}、混合結果は{mixture}です。この CLIP は著者のものと異なるため、名前の尺度はお使いの画像で測りました。探索はここでも著者の 2.4 で終わりますが、目安にすぎません。',
  'Compared by {parts}; the mixture: {mixture}. On the authors’ scale; from 2.4 on they take a mixture.':
    '比較対象は {parts}、混合結果は{mixture}です。著者の尺度によるもので、2.4 以上を採用としています。',
}
