/// A stand-in for swift-crypto where the readers of text are fuzzed: every digest is 32 zeros, so that a checksum keeps
/// no input out and costs no time.
public struct SHA256 {
  public struct Digest: Sequence {
    public func makeIterator() -> IndexingIterator<[UInt8]> { [UInt8](repeating: 0, count: 32).makeIterator() }
  }

  public init() {}
  public mutating func update(data: [UInt8]) {}
  public mutating func update(bufferPointer: UnsafeRawBufferPointer) {}
  public func finalize() -> Digest { Digest() }
  public static func hash(data: [UInt8]) -> Digest { Digest() }
}
