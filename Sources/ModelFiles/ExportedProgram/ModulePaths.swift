/// The dotted paths of the modules that ran the nodes, from the text of their `nn_module_stack`:
/// `key,path,type;key,path,type;…`, outermost first.
struct ModulePaths {
  private var last: (text: [UInt8], path: String?) = ([], nil)

  /// The path of the innermost module; nil for the program itself and for a text of another form. Neighbours mostly
  /// have one module, so the last path is kept.
  mutating func path(_ text: UnsafeRawBufferPointer) -> String? {
    let start = text.lastIndex(of: UInt8(ascii: ";")).map { $0 + 1 } ?? 0
    let fields = text[start...].split(separator: UInt8(ascii: ","), maxSplits: 2, omittingEmptySubsequences: false)
    guard fields.count == 3, !fields[1].isEmpty, !fields[1].contains(UInt8(ascii: "\\")) else { return nil }
    // The second call of a module is called "path@1".
    let path = fields[1].prefix { $0 != UInt8(ascii: "@") }
    if !last.text.elementsEqual(path) { last = (Array(path), String(decoding: path, as: UTF8.self)) }
    return last.path
  }
}
