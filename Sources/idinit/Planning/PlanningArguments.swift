import ArgumentParser
import IDInit

/// How a model is planned, as options: what `plan`, `init` and `verify` have in common.
struct PlanningArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "\(Self.methods) (default idinit); \(Self.ablations). default is the paper's: Kaiming where there is a ReLU, else Xavier; pytorch is what PyTorch's own layers start from.",
      valueName: "name"),
    completion: .list(Schemes.names))
  var method: String?
  @Option(parsing: .unconditional, help: "Seed of the random numbers (default 0).")
  var seed: UInt64?
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Rule of the parameters that match a pattern: 'head.*=idiz', 'pos_embed=normal,std=0.02'. Repeatable; of two that match, the later counts. Rules and their options: idinit show --help.",
      valueName: "pattern=rule"))
  var rules: [String] = []
  @Option(
    name: .customLong("keep"),
    help: ArgumentHelp("Keep the parameters that match as the model has them. Repeatable.", valueName: "pattern"))
  var kept: [String] = []
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Standard deviation of embeddings that the model file has no values for (default 1).", valueName: "std"))
  var embeddingStd: Double?
  @Option(parsing: .unconditional, help: "idinit: τ of every layer (default 1).")
  var gain: Double?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "idinit: τ of the first layer where a ReLU follows it (default √2 = 1.4142).", valueName: "gain"))
  var firstGain: Double?
  @Option(parsing: .unconditional, help: "idinit: ε of IDIZ and IDIZC (default 1e-6).")
  var epsilon: Double?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "idinit: standard deviation ε_τ of the noise on non-zero elements (default 1e-6; 0: none).", valueName: "std"))
  var looseness: Double?
  @Option(help: ArgumentHelp("idinit: order of a kernel's matrix columns (default channel-first).", valueName: "order"))
  var columnOrder: ColumnOrder?

  private static let methods = Schemes.all.map(\.name).joined(separator: ", ")
  private static let ablations =
    "also idinit-… for the paper's ablations: "
    + Schemes.ablations.map { String($0.name.dropFirst("idinit-".count)) }.joined(separator: ", ")

  /// What the command line asks for.
  var choices: PlanningChoices {
    PlanningChoices(
      method: method, seed: seed, overrides: overrides, embeddingStd: embeddingStd, gain: gain, firstGain: firstGain,
      epsilon: epsilon, looseness: looseness, columnOrder: columnOrder)
  }

  /// `--set` and `--keep` in the order in which they stand on the command line: the parser gathers each by itself.
  private var overrides: [PlanningChoices.Override] {
    var (rules, kept) = (rules[...], kept[...])
    var overrides = [PlanningChoices.Override]()
    for word in CommandLine.arguments {
      if word == "--set" || word.hasPrefix("--set="), let text = rules.popFirst() { overrides.append(.set(text)) }
      if word == "--keep" || word.hasPrefix("--keep="), let text = kept.popFirst() { overrides.append(.keep(text)) }
    }
    return overrides + rules.map { .set($0) } + kept.map { .keep($0) }
  }
}
