import type { engine as german } from '@/words/de/engine'

export const engine: Readonly<Record<keyof typeof german, string>> = {
  Noise: 'ノイズ',
  'As torch': 'torchと同じ',
  'PyTorch’s CPU generator reads the low 32 bits of a seed: here {seed}.':
    'PyTorchのCPU乱数はシードの下位32ビットを読みます：ここでは{seed}。',
  '“As torch” draws the numbers that PyTorch draws on a CPU for the same seed.':
    '「torchと同じ」は、同じシードでPyTorchがCPU上で引く数を使います。',
  'for all FLUX modes': 'すべてのFLUXモード用',
  'Extra LoRAs': '追加のLoRA',
  'Add a LoRA': 'LoRAを追加',
  'Add …': '追加…',
  'LoRAs that you import as “other” can be added here.':
    '「その他」として取り込んだLoRAをここで追加できます。',
  'Fast rounds a little more within the model: less memory and time, slightly different pictures. Kept for this browser.':
    '「高速」はモデル内でやや粗く丸めます。メモリと時間が減り、画像がわずかに変わります。設定はこのブラウザーに保存されます。',
  'This GPU gets fast arithmetic wrong: exact is used.':
    'このGPUでは高速演算が正しく動かないため、正確な演算を使います。',
  'The CPU has exact arithmetic alone: it is used.': 'CPUでは正確な演算だけが使えるため、それを使います。',
  Arithmetic: '演算',
  Exact: '正確',
  Fast: '高速',
  'Look at the pictures anew': '画像を見直す',
  'in every step': '毎ステップ',
  'in every second': '2ステップごと',
  'in every third': '3ステップごと',
  'in every fourth': '4ステップごと',
  'GPU memory to use': '使用するGPUメモリ',
  'What does not fit is read from the disk in every step. Kept for this browser.':
    '入りきらない分は毎ステップ、ディスクから読み込みます。設定はこのブラウザーに保存されます。',
  'The newest': '最新のもの',
  'new for each run': '実行のたびに新しく',
  kept: '固定',
  'Roll a new seed': '新しいシードにする',
  'Keep this seed': 'このシードを固定',
  'A seed is a whole number from 0 to {most}.': 'シードは0から{most}までの整数です。',
  'Runs on': '実行先',
  Auto: '自動',
  '{model}.': '{model}。',
  '{model}, {size} px.': '{model}、{size} px。',
  'Starting the engine …': 'エンジンを起動しています…',
  'The engine could not start.': 'エンジンを起動できませんでした。',
}
