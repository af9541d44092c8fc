import Foundation

extension Checkpoint.State {
  /// Checks that a training of this size can stand here, so that a spoilt file is an error and not another training.
  ///
  /// - Parameters:
  ///   - epochs: Epochs of the training.
  ///   - task: What is trained.
  ///   - url: The file, for the error.
  /// - Throws: `LabError` (`.data`) with the file, what is wrong in it and what was expected.
  func validate(epochs: Int, task: any TrainingTask, in url: URL) throws(LabError) {
    func require(_ holds: Bool, _ name: String, _ value: Any, _ expected: String) throws(LabError) {
      guard !holds else { return }
      throw Checkpoint.unusable(LabError(.data, "\(url.path): \(name) is \(value); expected \(expected)"))
    }
    try require((1...epochs + 1).contains(epoch), "epoch", epoch, "1 to \(epochs + 1)")
    // After the last epoch nothing of another may have been done.
    let lastStep = epoch > epochs ? 0 : task.stepsPerEpoch
    try require((0...lastStep).contains(step), "step", step, "0 to \(lastStep) in epoch \(epoch)")
    // One line before training, one for every whole epoch.
    try require(metricsLines == epoch, "metricsLines", metricsLines, "\(epoch) in epoch \(epoch)")
    let examples = task.examples(in: step, ofEpoch: epoch)
    try require(seen == examples, "seen", seen, "\(examples) \(task.unit) in \(step) steps")
    let whole = Int(exactly: correct).map(String.init) ?? "\(correct)"
    // The shares of mixed images are rounded, so that their sum may be a little more than all.
    try require((0...Double(examples) * (1 + 1e-9)).contains(correct), "correct", whole, "0 to \(examples)")
    try require(lossSum.isFinite, "lossSum", lossSum, "a finite number")
    for (name, value) in [("seconds", seconds), ("epochSeconds", epochSeconds)] {
      try require(value.isFinite && value >= 0, name, value, "a finite number of 0 or more")
    }
  }
}
