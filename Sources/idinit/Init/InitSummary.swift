import IDInit

/// What `init` says when it is done: what was written, what stands in for values that the model had not, and how to
/// load it.
struct InitSummary {
  let checkpoint: InitialCheckpoint
  let written: InitCommand.WrittenFiles
  let output: String
  /// Whether parameters without a rule were left out on purpose.
  let isPartial: Bool

  init(
    _ checkpoint: InitialCheckpoint, _ written: InitCommand.WrittenFiles, output: String, isPartial: Bool
  ) {
    self.checkpoint = checkpoint
    self.written = written
    self.output = output
    self.isPartial = isPartial
  }

  func lines(terminal: Terminal) -> [String] {
    let width = max(40, terminal.width)
    var lines = wrapped(heading, width: width)
    for note in notes {
      lines += wrapped(note, width: width - 2).map { "  \($0)" }
    }
    lines.append("In Python:")
    lines += python.map { "  \($0)" }
    return lines
  }

  private var heading: String {
    let parameters = checkpoint.tensors.filter(\.isParameter)
    // A tied parameter is stored under each of its names, but is one.
    let tied = Set(checkpoint.plan.entries.filter { $0.tiedTo != nil }.map(\.name))
    let count = parameters.filter { !tied.contains($0.name) }.reduce(0) { $0 + $1.count }
    let place = written.indexPath.map { "\($0) and \(written.paths.count) shards" } ?? output
    return "\(place): \(quantity(count)) parameters, \(counted(checkpoint.tensors.count, "tensor")), "
      + "\(byteText(written.byteCount)) in \(short(written.seconds, digits: 2)) s"
  }

  private var notes: [String] {
    var notes = [String]()
    if written.larger > 0 {
      notes.append(
        "\(counted(written.larger, "tensor")) \(written.larger == 1 ? "is" : "are") larger than --shard-size: a shard "
          + "holds at least one whole tensor")
    }
    if !written.removed.isEmpty {
      notes.append("\(counted(written.removed.count, "file")) of an earlier run's shards removed")
    }
    if let first = written.left.first {
      notes.append("\(counted(written.left.count, "file")) of an earlier run's shards could not be removed: \(first)")
    }
    let replaced = checkpoint.tensors.filter { $0.lacksValues && $0.isParameter }
    if !replaced.isEmpty {
      notes.append(
        "\(counted(replaced.count, "kept parameter")) had no values in the model file and got PyTorch's own: "
          + Self.substitutes(
            for: replaced.compactMap { if case .rule(let entry, _) = $0.source { entry } else { nil } }))
    }
    let buffers = checkpoint.tensors.filter { $0.lacksValues && !$0.isParameter }
    if !buffers.isEmpty {
      notes.append(
        "\(counted(buffers.count, "buffer")) had none either and got what batch norms start from: mean 0, variance 1, "
          + "count 0"
      )
    }
    notes +=
      LoosenessNote(
        checkpoint.tensors.lazy.compactMap { tensor in
          guard case .rule(let entry, _) = tensor.source else { return nil }
          return tensor.elementType.map { (entry: entry, type: $0) }
        }
      ).texts
    if !checkpoint.omitted.isEmpty {
      let names =
        checkpoint.omitted.prefix(3).map(printable).joined(separator: ", ")
        + (checkpoint.omitted.count > 3 ? ", …" : "")
      notes.append(
        "\(counted(checkpoint.omitted.count, "buffer")) without values left out, since only the model's code knows what "
          + "they hold (\(names)): load with strict=False, or export the model with real weights")
    }
    return notes
  }

  /// What stands in for values that the model has not.
  ///
  /// - Parameter entries: Kept parameters, with that rule as their own.
  /// - Returns: `norms 1 and 0, embeddings N(0, 1)`.
  static func substitutes(for entries: [InitializationPlan.Entry]) -> String {
    var kinds = [String]()
    for entry in entries {
      guard let rule = entry.rule else { continue }
      let kind =
        switch (entry.role, rule) {
        case (.normScale, _), (.normBias, _): "norms 1 and 0"
        case (.embedding, .normal(let normal)):
          "embeddings N(\(short(normal.mean)), \(normal.std == 1 ? "1" : "\(short(normal.std))²"))"
        case (.bias, .zero), (.scalarBias, .zero): "biases 0"
        case (_, .kaiming): "weights U(±1/√fan_in)"
        case (_, .constant(let constant)): "others \(short(constant.value))"
        case (_, .zero): "others 0"
        default: "others \(rule.name.rawValue)"
        }
      if !kinds.contains(kind) { kinds.append(kind) }
    }
    return kinds.joined(separator: ", ")
  }

  /// How to load it.
  private var python: [String] {
    let isStrict = checkpoint.omitted.isEmpty && !isPartial
    guard written.indexPath != nil else {
      let isMeta = checkpoint.tensors.contains(where: \.lacksValues)
      return (isMeta ? ["# a model that is itself on the meta device also needs assign=True"] : []) + [
        "model.load_state_dict(safetensors.torch.load_file(\(pythonLiteral(output)))\(isStrict ? "" : ", strict=False"))"
      ]
    }
    let pattern = (written.paths.first ?? output).replacingShardNumber
    return [
      "for shard in glob.glob(\(pythonLiteral(pattern))):",
      "    model.load_state_dict(safetensors.torch.load_file(shard), strict=False)",
    ]
  }

  private func pythonLiteral(_ text: String) -> String {
    "\"" + text.map { $0 == "\\" || $0 == "\"" ? "\\\($0)" : "\($0)" }.joined() + "\""
  }
}

extension String {
  /// `model-00001-of-00003.safetensors` → `model-*-of-00003.safetensors`.
  fileprivate var replacingShardNumber: String {
    guard let end = range(ofLast: "-of-") else { return self }
    return String(self[..<index(end, offsetBy: -5)]) + "*" + String(self[end...])
  }

  private func range(ofLast part: String) -> String.Index? {
    var position = endIndex
    while position > startIndex {
      position = index(before: position)
      if self[position...].hasPrefix(part) { return position }
    }
    return nil
  }
}
