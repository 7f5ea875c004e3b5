/** The package's main entry has no ESM exports; its module build has them, without types. */
declare module 'wgsl_reflect/wgsl_reflect.module.js' {
  export * from 'wgsl_reflect'
}
