/// What a file is that is no PyTorch program: known by its first bytes or its members, and each with its own advice.
public enum OtherFile: Equatable, Sendable {
  /// Nothing at all, or a folder.
  case empty, folder
  /// A zip archive with a `data.pkl`: what `torch.save` writes.
  case checkpoint
  /// What `torch.jit.save` writes.
  case torchScript
  /// A pickle that is no zip archive: what `torch.save` wrote before PyTorch 1.6.
  case pickle
  /// A `.pt2` of AOTInductor: machine code, no graph.
  case compiled
  /// Models and tensors in formats of others, known by their first bytes.
  case executorch, safetensors, onnx, hdf5, numpy, gguf, tensorFlow, keras
  /// A PyTorch program, which is one of another kind only where weights are looked for.
  case program
  /// Some other archive, some text, or none of these.
  case zip, text, unknown

  /// Judges a file by its first bytes: 64 of them, or all of a shorter file.
  static func kind(ofFileStarting start: [UInt8], size: Int) -> Self {
    if size == 0 { return .empty }
    func has(_ text: StaticString, at position: Int = 0) -> Bool {
      let count = text.utf8CodeUnitCount
      guard start.count >= position + count else { return false }
      return (0..<count).allSatisfy { start[position + $0] == text.utf8Start[$0] }
    }
    if start.starts(with: [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]) { return .hdf5 }
    if start.starts(with: [0x93]) && has("NUMPY", at: 1) { return .numpy }
    if has("GGUF") { return .gguf }
    if has("ET", at: 4) && has("1", at: 6) { return .executorch }
    if has("TFL3", at: 4) { return .tensorFlow }
    if start.first == 0x80, start.count > 1, (2...5).contains(start[1]) { return .pickle }
    if start.count > 8, start[8] == UInt8(ascii: "{"), start[4..<8].allSatisfy({ $0 == 0 }) { return .safetensors }
    // ModelProto: field 1 (ir_version), a small number, then field 2, 7 or 8 (producer, graph, operator sets).
    if start.count > 2, start[0] == 0x08, start[1] < 0x40, [0x12, 0x3A, 0x42].contains(start[2]) { return .onnx }
    // tf.SavedModel's saved_model.pb: field 1 (schema version), then field 2 (the graph).
    if let first = start.first(where: { $0 > 0x20 }), first == UInt8(ascii: "{") || first == UInt8(ascii: "<") {
      return .text
    }
    if start.allSatisfy({ 0x20..<0x7F ~= $0 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }) { return .text }
    return .unknown
  }

  /// Judges a zip archive by its members.
  static func kind(ofArchiveWith names: [String]) -> Self {
    func has(_ last: String) -> Bool { names.contains { $0 == last || $0.hasSuffix("/" + last) } }
    if names.contains(where: { $0.contains("/data/aotinductor/") }) { return .compiled }
    if has("data.pkl") { return has("constants.pkl") ? .torchScript : .checkpoint }
    if has("model.weights.h5") { return .keras }
    if names.contains(where: { $0.hasSuffix(".npy") }) { return .numpy }
    return .zip
  }

  var text: String {
    let recipe = ExportedProgramError.Problem.recipe
    switch self {
    case .empty: return "the file is empty; \(recipe)"
    case .folder: return "this is a folder, not a PyTorch program; \(recipe)"
    case .checkpoint, .pickle:
      return "this is a checkpoint of torch.save: it holds weights, but no graph to plan from (and pickles are never "
        + "opened here); build the model and \(recipe)"
    case .torchScript: return "this is a TorchScript model; load it or build it anew and \(recipe)"
    case .compiled:
      return "this archive was compiled by AOTInductor and holds no graph; before compiling, \(recipe)"
    case .executorch: return "this is an ExecuTorch program, which holds no full graph; \(recipe)"
    case .safetensors:
      return "this is a safetensors file: it holds weights, but no graph to plan from; build the model and \(recipe)"
    case .onnx: return "this is an ONNX model, which this version does not read; \(recipe)"
    case .hdf5: return "this is an HDF5 file (Keras?), not a PyTorch program; \(recipe)"
    case .numpy: return "this holds NumPy arrays, but no graph to plan from; \(recipe)"
    case .gguf: return "this is a GGUF file: it holds weights, but no graph to plan from; \(recipe)"
    case .tensorFlow: return "this is a TensorFlow model, not a PyTorch program; \(recipe)"
    case .keras: return "this is a Keras model, not a PyTorch program; \(recipe)"
    case .program: return "this program's layout is not known; \(recipe)"
    case .zip: return "a zip archive, but not one of torch.export: it has no models/*.json; \(recipe)"
    case .text: return "this is a text file, not a PyTorch program; \(recipe)"
    case .unknown: return "this is no PyTorch program; \(recipe)"
    }
  }
}
