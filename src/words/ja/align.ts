import type { align as german } from '@/words/de/align'

export const align: Readonly<Record<keyof typeof german, string>> = {
  '{done} of {total}': '{done} / {total}',
  'The paper’s way: within the region the base reads the reference’s keys and values.':
    '論文の方法：領域の中でベースが参照のキーとバリューを読みます。',
  'The paper’s ablation: without a mask the target becomes the reference, wholesale.':
    '論文の比較実験：マスクなしでは、ターゲットがまるごと参照になります。',
  'The paper’s ablation: masking what attention gives leaves seams along the region.':
    '論文の比較実験：アテンションの出力をマスクすると、領域に沿って継ぎ目が残ります。',
  'Width, pixels, in steps of 32': '幅（ピクセル、32 刻み）',
  'Height, pixels, in steps of 32': '高さ（ピクセル、32 刻み）',
  'Several words': '複数の単語',
  Together: '合わせる',
  'Without overlap': '重なりを除く',
  'A cell counts where any word has it (the released code).':
    'いずれかの単語が含むセルを数えます（公開コード）。',
  'A cell that two words share counts for neither (the paper’s ⊕).':
    '2つの単語が共有するセルはどちらにも数えません（論文の ⊕）。',
  'Maps from': 'マップの取得元',
  'Down and up': '下りと上り',
  'Up alone': '上りのみ',
  'Every layer of the mask’s size, as the released code does.':
    'マスクと同じサイズの全層（公開コードと同じ）。',
  'The layers on the way up alone, as the paper says.': '上り側の層のみ（論文のとおり）。',
  'The mask chooses': 'マスクの対象',
  'Keys, values': 'キーとバリュー',
  Everything: 'すべて',
  Outputs: '出力',
  'Fused layers': '合成する層',
  'From the middle of the network outwards; the last ones carry the finest detail.':
    'ネットワークの中央から外側へ。最後の層ほど細部を担います。',
  'Fused steps': '合成するステップ',
  'Middle steps give the clearest regions, late ones care for detail. The first two stay the base’s own.':
    '中盤のステップで領域が最も明確になり、終盤は細部に効きます。最初の2つはベースのままです。',
  'New noise in every step': 'ステップごとの新しいノイズ',
  none: 'なし',
  'DDIM’s η. 1 as in the paper; at 0 there are no log-probabilities to train on. Own pictures run without.':
    'DDIM の η。論文では 1 です。0 では学習用の対数確率がありません。自分の画像では使いません。',
  'Adopt from': '採用の基準',
  '{share} of the gain': '向上分の {share}',
  'How much of the reference’s lead over the base a target must reach.':
    'ベースに対する参照の優位のうち、ターゲットが達すべき割合です。',
  'for Stable Diffusion': 'Stable Diffusion 用',
  '{range}, first one': '{range}（最初）',
  '{range}, last one': '{range}（最後）',
  'How well picture and prompt go together (CLIP score)': '画像とプロンプトの合い具合（CLIP スコア）',
  'Show all three pictures': '3枚とも表示',
  'Show the base large': 'ベースを大きく表示',
  'Show the reference large': '参照を大きく表示',
  'Show the target large': 'ターゲットを大きく表示',
  Base: 'ベース',
  base: 'ベース',
  reference: '参照',
  Target: 'ターゲット',
  target: 'ターゲット',
  'Its look is kept.': '見た目が保たれます。',
  'Its region of the words is taken over.': '単語に対応する領域が引き継がれます。',
  'The base, aligned with the prompt.': 'プロンプトに合わせたベースです。',
  'Small pictures of our rendered world, in its own words. Runs on every device.':
    'レンダリングした世界の小さな画像を、決まった言葉で作ります。どのデバイスでも動きます。',
  'Any prompt, with the U-Net, the VAE and the text encoder that you bring.':
    '任意のプロンプト。U-Net、VAE、テキストエンコーダーはご自身で用意します。',
  'First seed to sample': '最初のシード',
  'Made for': '対象',
  '{model}, {steps} steps': '{model}、{steps} ステップ',
  Sample: '生成',
  Choose: '選択',
  'The model makes some pictures of one prompt and says how well each fits.':
    'モデルが1つのプロンプトから何枚かの画像を作り、それぞれの合い具合を示します。',
  'A reference that does what the prompt says, a base whose look you like.':
    'プロンプトどおりの参照と、見た目の気に入ったベースを選びます。',
  'The base keeps its look and takes the region of your words from the reference.':
    'ベースは見た目を保ち、選んだ単語の領域を参照から引き継ぎます。',
  'Drop pictures here': 'ここに画像をドロップ',
  'One prompt, two pictures, the best of both': '1つのプロンプト、2枚の画像、両方のよいところ',
  'They join the gallery as base or reference: the model follows them back to noise.':
    'ベースまたは参照としてギャラリーに加わります。モデルがノイズまでさかのぼります。',
  'The picture whose look you like often misses what the prompt says. Align takes that from another one and keeps the look.':
    '見た目の気に入った画像は、プロンプトどおりでないことがよくあります。Align はその部分を別の画像から取り、見た目を保ちます。',
  'Example prompts': 'プロンプトの例',
  'Sample {count} picture': '{count} 枚生成',
  'Sample {count} pictures': '{count} 枚生成',
  'Pick an example or write a prompt at the right.': '例を選ぶか、右側にプロンプトを書いてください。',
  'How it works': '仕組み',
  'Another base': '別のベース',
  'Not made yet: press Fuse, or sample it.': 'まだありません。「合成」を押すか、生成してください。',
  'Choose a picture whose look you like.': '見た目の気に入った画像を選んでください。',
  'Choose a picture that does what the prompt says.': 'プロンプトどおりの画像を選んでください。',
  'Coming …': '作成中…',
  'Fuse makes it: the base’s look, with the reference’s region of the words.':
    '「合成」で作ります。ベースの見た目に、参照から単語の領域を加えます。',
  'How to look at the pictures': '画像の見え方',
  'Show the words’ region': '単語の領域を表示',
  'Show single pixels': 'ピクセルを表示',
  'Steps and scores are kept until the page is closed; fuse again to see them.':
    'ステップとスコアはページを閉じるまで保持されます。もう一度合成すると表示できます。',
  'No scorer is installed, so nothing says which picture fits the prompt best. You do.':
    '評価モデルがないため、どの画像がプロンプトに最も合うかはご自身で判断します。',
  'made with another prompt or settings': '別のプロンプトまたは設定で作成',
  '{notes}. Click: {role}; keys R and B choose too.': '{notes}。クリック：{role}。R と B キーでも選べます。',
  'What you sample will be listed here, best first.': '生成した画像が、よい順にここに並びます。',
  'A click chooses the': 'クリックで選ぶもの',
  'Pictures, best first': '画像（よい順）',
  'Own pictures': '自分の画像',
  'One picture has yet to be made.': 'まだ作られていない画像が1枚あります。',
  '{count} pictures have yet to be made.': 'まだ作られていない画像が {count} 枚あります。',
  'One picture was made with another prompt, other settings or in another session: what the words look at in them is not known.':
    '1枚の画像は、別のプロンプト、設定、またはセッションで作られました。単語がどこを見ているかは不明です。',
  '{count} pictures were made with another prompt, other settings or in another session: what the words look at in them is not known.':
    '{count} 枚の画像は、別のプロンプト、設定、またはセッションで作られました。単語がどこを見ているかは不明です。',
  'Sample them': '生成する',
  'The engine is starting.': 'エンジンを起動しています。',
  'Write a prompt first.': '先にプロンプトを書いてください。',
  'The gallery holds at most {most} pictures: remove some first.':
    'ギャラリーに入る画像は最大 {most} 枚です。先にいくつか取り除いてください。',
  'How many pictures to sample': '生成する枚数',
  'Make pictures of new seeds': '新しいシードで画像を作る',
  'Sample more': 'さらに生成',
  'Follow pictures of yours back to noise, so that they can be base or reference':
    '自分の画像をノイズまでさかのぼり、ベースや参照に使えるようにします',
  'Use your own pictures': '自分の画像を使う',
  'Own pictures are our addition: the paper knows seeds only.':
    '自分の画像を使う機能は独自の追加です。論文ではシードのみです。',
  'Pick words under the prompt first.': '先にプロンプトの下で単語を選んでください。',
  'Sample to see what the words look at.': '生成すると、単語がどこを見ているかがわかります。',
  finished: '完成',
  'all fused steps': '合成した全ステップ',
  'not fused': '合成なし',
  Step: 'ステップ',
  'The words’ region at step': '単語の領域（ステップ）',
  'Words to take over': '引き継ぐ単語',
  'from the reference': '参照から',
  'Words of the prompt': 'プロンプトの単語',
  'Small words have no clear region': '冠詞や前置詞には明確な領域がありません',
  'Click the things that the base gets wrong. Things have clear regions, small words do not.':
    'ベースで間違っているものをクリックしてください。物には明確な領域がありますが、冠詞や前置詞にはありません。',
  'Sample the reference to see each word’s region and to set it by itself.':
    '参照を生成すると、単語ごとの領域を見て個別に設定できます。',
  'Parts the map in two groups of cells that differ most (Otsu)':
    'マップを最も差の大きい2つのセル群に分けます（大津の方法）',
  'Cells above the map’s mean plus one standard deviation': 'マップの平均に標準偏差を1つ足した値を超えるセル',
  'Mean + σ': '平均 + σ',
  'Two pictures, one prompt': '2枚の画像、1つのプロンプト',
  'For example: the ball above the house': '例：the ball above the house',
  'As base or reference': 'ベースまたは参照として',
  'Followed back to noise': 'ノイズまでさかのぼります',
  'The target is shown beside base and reference.': 'ターゲットがベースと参照の横に表示されています。',
  'Comes back nearly as it was ({off} % off on average).': 'ほぼ元どおりに戻ります（平均誤差 {off} %）。',
  'Comes back with small changes ({off} % off on average).': '少し変化して戻ります（平均誤差 {off} %）。',
  'Comes back only roughly ({off} % off on average).': '大まかにしか戻りません（平均誤差 {off} %）。',
  'The model cannot hold this picture: it comes back as another one ({off} % off on average).':
    'モデルはこの画像を保てず、別の画像になって戻ります（平均誤差 {off} %）。',
  'Adopted: as aligned as the reference.': '採用：参照と同じくらいプロンプトに合っています。',
  'Adopted.': '採用。',
  'It scores {score}; {needed} was asked for.': 'スコアは {score}、基準は {needed} です。',
  'It scores {score}; {needed} was asked for. As a training pair the reference would win over the base.':
    'スコアは {score}、基準は {needed} です。学習用ペアでは、参照がベースに勝ちます。',
  'Not adopted: less aligned than the reference.': '不採用：参照ほどプロンプトに合っていません。',
}
