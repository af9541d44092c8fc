/// A pattern for parameter names, as a shell has them: `*` stands for any characters (dots too), `?` for one.
public struct GlobPattern: Hashable, Sendable, CustomStringConvertible {
  public let description: String
  private let pattern: [UInt8]

  /// The pattern as it is written: any text is one.
  public init(_ pattern: String) {
    description = pattern
    self.pattern = Array(pattern.utf8)
  }

  /// Whether the whole of `name` fits. Takes time proportional to the product of the two lengths at worst.
  public func matches(_ name: String) -> Bool {
    let name = Array(name.utf8)
    var (p, n) = (0, 0)
    // Where the last star is, and how far it reaches so far: a mismatch lets it take one byte more.
    var star: (pattern: Int, name: Int)?
    while n < name.count {
      if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
        star = (p, n)
        p += 1
      } else if p < pattern.count, pattern[p] == UInt8(ascii: "?") {
        p += 1
        n += 1
        // One character, not one byte: the bytes that continue it go with it.
        while n < name.count, name[n] & 0xC0 == 0x80 { n += 1 }
      } else if p < pattern.count, pattern[p] == name[n] {
        p += 1
        n += 1
      } else if let last = star {
        star = (last.pattern, last.name + 1)
        p = last.pattern + 1
        n = last.name + 1
      } else {
        return false
      }
    }
    while p < pattern.count, pattern[p] == UInt8(ascii: "*") { p += 1 }
    return p == pattern.count
  }
}
