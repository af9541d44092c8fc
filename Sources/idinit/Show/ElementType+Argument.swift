import ArgumentParser
import IDInit

extension ElementType: ExpressibleByArgument {
  /// The names that people know these types by, besides PyTorch's.
  private static let aliases: [String: ElementType] = [
    "f32": .float32, "fp32": .float32, "float": .float32,
    "f64": .float64, "fp64": .float64, "double": .float64,
    "f16": .float16, "fp16": .float16, "half": .float16,
    "bf16": .bfloat16,
  ]

  public init?(argument: String) {
    let name = argument.lowercased()
    guard let type = ElementType(rawValue: name) ?? Self.aliases[name] else { return nil }
    self = type
  }

  public static var allValueStrings: [String] { allCases.map(\.rawValue) }
}

extension ColumnOrder: ExpressibleByArgument {}
