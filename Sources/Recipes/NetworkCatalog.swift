import IDInit
import Lab
import Networks
import Torch

/// The networks that `idinit-lab probe` knows by name.
public enum NetworkCatalog {
  /// A network with what it takes and makes.
  public struct Entry: Sendable {
    /// `resnet56`, `resnet56-no-norm`.
    public var name: String
    /// What it is, in a line.
    public var title: String
    /// What it takes.
    public var input: ProbeInput
    /// How many classes it tells apart.
    public var classes = 10
    /// The network that a method wants (Fixup, SkipInit and ReZero have scalars of their own), not yet initialised.
    var make: @Sendable (_ method: String, _ device: Device) throws -> any Module

    /// The network, initialised by a method.
    ///
    /// - Parameters:
    ///   - method: A scheme's name.
    ///   - seed: Of its random numbers.
    ///   - device: Where it lives.
    /// - Returns: The network, in training mode.
    /// - Throws: `PlanError` if the scheme cannot serve it; `UnknownName` if there is none of that name.
    public func network(_ method: String, seed: UInt64, device: Device) throws -> any Module {
      let network = try make(method, device)
      let plan = try network.start(from: method, seed: seed, example: try input.example(device: device))
      if case .tokens = input { try network.fillEmbeddings(keptBy: plan, seed: seed) }
      return network
    }
  }

  /// Every network, in the order in which they are listed.
  public static let all: [Entry] =
    [Nonlinearity.relu, .tanh].map { linear5($0) } + [blocks]
    + [20, 32, 56, 110].flatMap { [resnet($0, true), resnet($0, false)] }
    + [
      Entry(name: "all-conv", title: "nine convolutions, All-CNN-C (Table 6)", input: .colour32) { _, device in
        try AllConvNet(device: device)
      },
      Entry(name: "res112", title: "a residual stem of 109 convolutions (Table 9)", input: .colour32) { _, device in
        try LongStemNet(device: device)
      },
    ] + text

  /// - Parameter name: A name of ``all``.
  /// - Returns: The entry.
  /// - Throws: `LabError` (`.usage`) naming the nearest one.
  public static func network(named name: String) throws(LabError) -> Entry {
    if let entry = all.first(where: { $0.name == name }) { return entry }
    let names = all.map(\.name)
    let hint = didYouMean(name, among: names) ?? "there are \(names.joined(separator: ", "))"
    throw LabError(.usage, "there is no network '\(name)'; \(hint)")
  }

  private static func linear5(_ nonlinearity: Nonlinearity) -> Entry {
    Entry(
      name: "linear5-\(nonlinearity.rawValue)", title: "five linear layers of 512 (Appendix C.1)",
      input: .noise(shape: [784])
    ) { _, device in
      try LinearNet(widths: [784, 512, 512, 512, 512, 10], nonlinearity: nonlinearity, device: device)
    }
  }

  private static let blocks = Entry(
    name: "blocks64", title: "64 residual blocks of two linear layers, 240 wide (Figure 1, Appendix C.4)",
    input: .colour32
  ) { _, device in
    try ResidualLinearNet(
      inputs: 3072, width: 240, hidden: 240, depth: 64, classes: 10, nonlinearity: .relu, device: device)
  }

  private static func resnet(_ depth: Int, _ normalised: Bool) -> Entry {
    Entry(
      name: "resnet\(depth)\(normalised ? "" : "-no-norm")",
      title: "ResNet-\(depth) for 32×32 images\(normalised ? "" : ", without normalisation")", input: .colour32
    ) { method, device in
      try ImageNetwork.resNet(ResNetSettings(depth: depth), normalised: normalised)
        .make(method, images: (channels: 3, classes: 10), device: device)
    }
  }
}

extension ProbeSubject {
  /// A network of the catalogue with a batch of random inputs and labels: the same batch for every method.
  ///
  /// - Parameters:
  ///   - entry: The network.
  ///   - method: What it starts from.
  ///   - batch: Examples.
  ///   - seed: Of the weights and of the batch.
  ///   - device: Where all of it lives.
  /// - Returns: The network, initialised, with its batch.
  /// - Throws: `PlanError` if the method cannot serve the network.
  public static func noise(
    _ entry: NetworkCatalog.Entry, method: String, batch: Int, seed: UInt64, device: Device
  ) throws -> ProbeSubject {
    let network = try entry.network(method, seed: seed, device: device)
    let generator = try Generator(seed: seed)
    let input = try entry.input.batch(batch, generator: generator).to(device)
    let labels = try Tensor.randint([batch], high: entry.classes, generator: generator).to(device)
    return ProbeSubject(
      method: method, network: network, input: input, labels: labels, classes: entry.classes, seed: seed)
  }
}
