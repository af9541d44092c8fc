extension OtherFile {
  /// What a file is that stands where weights were looked for and does not start as safetensors does; nil for one that
  /// is known to be nothing else, so that its own faults are told.
  static func kind(ofFileInPlaceOfWeights file: MappedFile) -> Self? {
    guard let start = try? file.readArray(count: min(64, file.size), at: 0) else { return nil }
    // A damaged header, whatever its length looks like.
    if start.count > 8, start[8] == UInt8(ascii: "{") { return nil }
    if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
      guard let zip = try? ZipArchive(file) else { return .zip }
      let names = zip.members.map(\.name)
      let isProgram = names.contains { $0.hasSuffix("/models/model.json") || $0 == "serialized_exported_program.json" }
      return isProgram ? .program : kind(ofArchiveWith: names)
    }
    switch kind(ofFileStarting: start, size: file.size) {
    case .empty, .folder, .text, .unknown, .safetensors: return nil
    case let kind: return kind
    }
  }

  /// What it is and what to do instead, where weights were looked for.
  var textForWeights: String {
    let save = "safetensors.torch.save_file({k: v.contiguous().clone() for k, v in"
    switch self {
    case .checkpoint, .pickle:
      return "this is a checkpoint of torch.save, not safetensors, and pickles are never opened here; write it anew in "
        + "Python: \(save) state_dict.items()}, \"x.safetensors\"), where state_dict is what torch.load gives (of a "
        + "whole model its .state_dict())"
    case .torchScript:
      return "this is a TorchScript model, not safetensors; write its weights in Python: \(save) "
        + "torch.jit.load(path).state_dict().items()}, \"x.safetensors\")"
    case .program:
      return "this is a PyTorch program, not safetensors; idinit init MODEL.pt2 writes what is planned for "
        + "it, and its own in Python: \(save) torch.export.load(path).state_dict.items()}, \"x.safetensors\")"
    case .compiled: return "this archive was compiled by AOTInductor; a safetensors file was expected"
    case .executorch: return "this is an ExecuTorch program; a safetensors file was expected"
    case .onnx: return "this is an ONNX model; a safetensors file was expected"
    case .hdf5: return "this is an HDF5 file; a safetensors file was expected"
    case .numpy: return "this holds NumPy arrays; a safetensors file was expected"
    case .gguf: return "this is a GGUF file; a safetensors file was expected"
    case .tensorFlow: return "this is a TensorFlow model; a safetensors file was expected"
    case .keras: return "this is a Keras model; a safetensors file was expected"
    case .zip: return "this is a zip archive; a safetensors file was expected"
    case .empty, .folder, .text, .unknown, .safetensors: return "this is no safetensors file"
    }
  }
}
