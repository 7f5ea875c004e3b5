// Positions, their affine maps and their phases in 64-bit fixed point, and cosine and sine of a phase.
//
// Floating point would need error-free sums and products, which a compiler with fast maths may fold
// away, and a reduction by a many-part 2*pi. Integers wrap by definition: counting the phase in turns,
// 2^32 to the turn, makes the reduction modulo 2*pi the overflow of u32.
//
// A position is a signed 32.32 number in a vec2u (x: integer word, two's complement; y: fraction).
// A frequency is an unsigned 0.64 number of turns per unit of position (x: upper word).

// The 64-bit product: x upper, y lower word.
fn multiply_words(a: u32, b: u32) -> vec2u {
  let a0 = a & 0xffffu;
  let a1 = a >> 16u;
  let b0 = b & 0xffffu;
  let b1 = b >> 16u;
  let low = a0 * b0;
  let middle = a1 * b0 + (low >> 16u);
  let other = a0 * b1 + (middle & 0xffffu);
  return vec2u(a1 * b1 + (middle >> 16u) + (other >> 16u), (other << 16u) | (low & 0xffffu));
}

fn fixed_add(a: vec2u, b: vec2u) -> vec2u {
  let low = a.y + b.y;
  return vec2u(a.x + b.x + select(0u, 1u, low < a.y), low);
}

fn fixed_negate(a: vec2u) -> vec2u {
  return fixed_add(~a, vec2u(0u, 1u));
}

fn fixed_magnitude(a: vec2u) -> vec2u {
  return select(a, fixed_negate(a), (a.x >> 31u) == 1u);
}

fn fixed_multiply(a: vec2u, b: vec2u) -> vec2u {
  let x = fixed_magnitude(a);
  let y = fixed_magnitude(b);
  let tail = multiply_words(x.y, y.y);
  var product = vec2u(x.x * y.x, tail.x);
  product = fixed_add(product, vec2u(0u, tail.y >> 31u));
  product = fixed_add(product, multiply_words(x.x, y.y));
  product = fixed_add(product, multiply_words(x.y, y.x));
  return select(product, fixed_negate(product), ((a.x ^ b.x) >> 31u) == 1u);
}

// Exact for |x| < 2^31 down to 2^-32.
fn fixed_of(x: f32) -> vec2u {
  let whole = floor(x);
  return vec2u(bitcast<u32>(i32(whole)), u32((x - whole) * 4294967296.0));
}

// Phase of a position in turns, 2^32 to the turn, whole turns gone.
fn phase_of(position: vec2u, frequency: vec2u) -> u32 {
  let negative = select(0u, frequency.y, (position.x >> 31u) == 1u);
  return position.x * frequency.x
    + multiply_words(position.x, frequency.y).x - negative
    + multiply_words(position.y, frequency.x).x;
}

// (cosine, sine) of a phase: the nearest quarter turn, and Taylor polynomials within an eighth of it
// (truncation below 3e-8, all in all below 3e-7).
fn cos_sin(phase: u32) -> vec2f {
  let quarter = (phase + 0x20000000u) >> 30u;
  let x = f32(bitcast<i32>(phase - (quarter << 30u))) * 1.4629180792671596e-9;
  let x2 = x * x;
  let s = x + x * x2 * (-0.16666666666666666 + x2 * (0.008333333333333333 + x2 * (-1.984126984126984e-4 + x2 * 2.755731922398589e-6)));
  let c = 1.0 + x2 * (-0.5 + x2 * (0.041666666666666664 + x2 * (-0.001388888888888889 + x2 * 2.48015873015873e-5)));
  let swapped = select(vec2f(c, s), vec2f(s, c), (quarter & 1u) == 1u);
  let sign_c = select(1.0, -1.0, quarter == 1u || quarter == 2u);
  let sign_s = select(1.0, -1.0, quarter >= 2u);
  return swapped * vec2f(sign_c, sign_s);
}
