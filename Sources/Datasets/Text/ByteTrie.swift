/// Numbers for strings of bytes, looked up byte by byte: a walk costs a few nanoseconds a byte and allocates nothing.
///
/// Strings are compared as bytes. Swift's own compare by canonical equivalence, so that two forms of `é` would be one
/// word; in every file of words they are two.
struct ByteTrie: Sendable {
  /// A place in the trie: what was read so far.
  typealias Node = UInt32
  static let root: Node = 0
  /// No string goes on this way.
  static let none: Node = .max

  fileprivate struct Entry {
    /// The nodes for the bytes from `first` up to `first + count` are at `offset` of `next`.
    var offset: UInt32 = 0
    var count: UInt16 = 0
    var first: UInt8 = 0
    var value: Int32 = -1
  }

  private let entries: [Entry]
  private let next: [Node]

  /// Reads from a trie whose memory is held for as long as `withWalker` runs.
  struct Walker {
    fileprivate let entries: UnsafeBufferPointer<Entry>
    fileprivate let next: UnsafeBufferPointer<Node>

    /// The node after one more byte, or `none`.
    @inline(__always) func step(_ node: Node, _ byte: UInt8) -> Node {
      let entry = entries[Int(node)]
      let index = Int(byte) &- Int(entry.first)
      guard index >= 0, index < Int(entry.count) else { return ByteTrie.none }
      return next[Int(entry.offset) &+ index]
    }

    /// The number of the string that ends at this node; negative if none does.
    @inline(__always) func value(_ node: Node) -> Int32 { entries[Int(node)].value }

    /// The number of a string; negative if it has none.
    func value(of bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
      var node = ByteTrie.root
      for byte in bytes {
        node = step(node, byte)
        if node == ByteTrie.none { return -1 }
      }
      return value(node)
    }
  }

  @inline(__always) func withWalker<R>(_ body: (Walker) throws -> R) rethrows -> R {
    try entries.withUnsafeBufferPointer { entries in
      try next.withUnsafeBufferPointer { next in try body(Walker(entries: entries, next: next)) }
    }
  }

  /// The number of a string; `nil` if it has none.
  subscript(bytes: some Sequence<UInt8>) -> Int32? {
    let value = withWalker { walker in
      var node = Self.root
      for byte in bytes where node != Self.none { node = walker.step(node, byte) }
      return node == Self.none ? -1 : walker.value(node)
    }
    return value < 0 ? nil : value
  }

  /// Grows while words come in; the children of a node are a linked list.
  struct Builder {
    private struct Link {
      var byte: UInt8
      var value: Int32 = -1
      var child: Int32 = -1
      var sibling: Int32 = -1
    }

    private var links = [Link(byte: 0)]

    /// Gives `bytes` the number `value`, unless they have one.
    ///
    /// - Returns: the number that they had before; `nil` if they are new.
    mutating func insert(_ bytes: some Sequence<UInt8>, _ value: Int32) -> Int32? {
      var node = 0
      for byte in bytes {
        var child = links[node].child
        while child >= 0 && links[Int(child)].byte != byte { child = links[Int(child)].sibling }
        if child < 0 {
          child = Int32(links.count)
          links.append(Link(byte: byte, sibling: links[node].child))
          links[node].child = child
        }
        node = Int(child)
      }
      if links[node].value >= 0 { return links[node].value }
      links[node].value = value
      return nil
    }

    /// The children of every node side by side, from the least byte to the greatest.
    func build() -> ByteTrie {
      var entries = [Entry](repeating: Entry(), count: links.count)
      var next: [Node] = []
      for (node, link) in links.enumerated() {
        entries[node].value = link.value
        var (least, most) = (Int.max, -1)
        var child = link.child
        while child >= 0 {
          let byte = Int(links[Int(child)].byte)
          (least, most) = (min(least, byte), max(most, byte))
          child = links[Int(child)].sibling
        }
        guard most >= 0 else { continue }
        let offset = next.count
        next.append(contentsOf: repeatElement(ByteTrie.none, count: most - least + 1))
        entries[node].offset = UInt32(offset)
        entries[node].first = UInt8(least)
        entries[node].count = UInt16(most - least + 1)
        child = link.child
        while child >= 0 {
          next[offset + Int(links[Int(child)].byte) - least] = Node(child)
          child = links[Int(child)].sibling
        }
      }
      return ByteTrie(entries: entries, next: next)
    }
  }
}
