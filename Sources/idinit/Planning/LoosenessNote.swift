import IDInit

/// What there is to say where a model's element type rounds the loose condition's noise away.
struct LoosenessNote {
  /// Weights whose noise is lost, by type, in the order of their first ones.
  private var losses: [(type: ElementType, loss: Loss)] = []

  private struct Loss {
    var weights = 0
    /// Those with more rows than columns, whose rows start as copies.
    var withCopies = 0
    var looseness = 0.0
    var step = 0.0
  }

  /// - Parameter written: Parameters with a rule, each with the type that it is written in.
  init(_ written: some Sequence<(entry: InitializationPlan.Entry, type: ElementType)>) {
    for (entry, type) in written where entry.tiedTo == nil {
      guard let rule = entry.rule else { continue }
      let matrices = entry.matrices
      let steps = matrices.compactMap { rule.stepOfLostLooseness(in: type, geometry: $0) }
      guard let step = steps.max() else { continue }
      let index = losses.firstIndex { $0.type == type } ?? losses.count
      if index == losses.count { losses.append((type, Loss())) }
      losses[index].loss.weights += 1
      if matrices.contains(where: { $0.rows > $0.columns }) { losses[index].loss.withCopies += 1 }
      losses[index].loss.looseness = max(losses[index].loss.looseness, rule.options.looseness ?? 0)
      losses[index].loss.step = max(losses[index].loss.step, step)
    }
  }

  /// One sentence a type.
  var texts: [String] {
    losses.map { type, loss in
      let copies =
        loss.withCopies == 0
        ? "no weight here has more rows than columns, so that none starts with copies of rows"
        : "\(counted(loss.withCopies, "weight")) with more rows than columns \(loss.withCopies == 1 ? "starts" : "start") "
          + "with rows that are exact copies, and copies that get equal gradients stay copies (the replica problem)"
      return
        "\(type.rawValue) rounds the looseness of \(short(loss.looseness)) away in \(counted(loss.weights, "weight")): "
        + "\(copies); to keep it, use float32 (init --dtype float32), or --looseness "
        + "\(short(loss.step)) or more, the distance between its numbers there (at which about a quarter of the copies still "
        + "round to one number, at ten times that 3 %)"
    }
  }
}
