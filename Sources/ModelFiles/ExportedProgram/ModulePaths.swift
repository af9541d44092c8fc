/// The dotted paths of the modules that ran the nodes, from the text of their `nn_module_stack`:
/// `key,path,type;key,path,type;…`, outermost first.
struct ModulePaths {
  private var last: (text: [UInt8], path: String?) = ([], nil)

  /// The path of the innermost module; nil for the program itself and for a text of another form. Neighbours mostly
  /// have one module, so the last path is kept.
  mutating func path(_ text: UnsafeRawBufferPointer) -> String? {
    // Neither a comma nor a semicolon can stand in a key or a path.
    let entry = text.lastIndex(of: UInt8(ascii: ";")).map { $0 + 1 } ?? 0
    guard let key = text[entry...].firstIndex(of: UInt8(ascii: ",")),
      let end = text[(key + 1)...].firstIndex(of: UInt8(ascii: ",")), end > key + 1
    else { return nil }
    // The second call of a module is called "path@1".
    let path = text[(key + 1)..<end].prefix { $0 != UInt8(ascii: "@") }
    if path.contains(UInt8(ascii: "\\")) { return nil }
    if !last.text.elementsEqual(path) { last = (Array(path), String(decoding: path, as: UTF8.self)) }
    return last.path
  }
}
