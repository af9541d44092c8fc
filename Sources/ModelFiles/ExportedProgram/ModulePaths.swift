/// The dotted paths and the classes of the modules that ran the nodes, from the text of their `nn_module_stack`:
/// `key,path,type;key,path,type;…`, outermost first.
struct ModulePaths {
  /// The class of every module that was met, by its path; "" is the program itself.
  private(set) var classes: [String: String] = [:]
  private var last: (text: [UInt8], path: String?) = ([], nil)

  /// The path of the innermost module; nil for the program itself and for a text of another form. Neighbours mostly
  /// have one module, so what was read last is kept.
  mutating func path(_ text: UnsafeRawBufferPointer) -> String? {
    if last.text.elementsEqual(text) { return last.path }
    var innermost: String?
    // Neither a comma nor a semicolon can stand in a key or a path.
    for entry in text.split(separator: UInt8(ascii: ";")) { innermost = read(entry) }
    last = (Array(text), innermost)
    return innermost
  }

  /// Reads one module's entry.
  private mutating func read(_ entry: Slice<UnsafeRawBufferPointer>) -> String? {
    guard let key = entry.firstIndex(of: UInt8(ascii: ",")),
      let end = entry[(key + 1)...].firstIndex(of: UInt8(ascii: ","))
    else { return nil }
    // The second call of a module is called "path@1".
    let bytes = entry[(key + 1)..<end].prefix { $0 != UInt8(ascii: "@") }
    let type = entry[(end + 1)...]
    if bytes.contains(UInt8(ascii: "\\")) { return nil }
    let path = String(decoding: bytes, as: UTF8.self)
    if classes[path] == nil, !type.isEmpty, !type.contains(UInt8(ascii: "\\")) {
      classes[path] = String(decoding: type, as: UTF8.self)
    }
    return path.isEmpty ? nil : path
  }
}
