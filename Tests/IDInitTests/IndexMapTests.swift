import Testing

@testable import IDInit

@Suite("Index maps follow views exactly")
struct IndexMapTests {
  /// A view by brute force: the shape and, in row-major order, the source's index of each element.
  struct Listed {
    var shape: [Int]
    var places: [Int]

    func at(_ index: [Int]) -> Int { places[zip(shape, index).reduce(0) { $0 * $1.0 + $1.1 }] }

    static func all(_ shape: [Int]) -> [[Int]] {
      shape.reduce([[]]) { found, size in found.flatMap { index in (0..<size).map { index + [$0] } } }
    }

    func taking(_ shape: [Int], _ source: ([Int]) -> [Int]) -> Listed {
      Listed(shape: shape, places: Self.all(shape).map { at(source($0)) })
    }
  }

  /// Where the map says that each element lies, in row-major order.
  static func places(_ map: IndexMap) -> [Int] {
    var places = [map.offset]
    for digit in map.axes.joined() {
      places = places.flatMap { place in (0..<digit.size).map { place + $0 * digit.stride } }
    }
    return places
  }

  @Test("random chains of views, against lists of indices", arguments: 1...80)
  func randomChains(seed: Int) {
    var random = GraphTopologyTests.SplitMix(state: UInt64(seed))
    func below(_ bound: Int) -> Int { Int(random.next() % UInt64(max(bound, 1))) }
    let shapes = [[2, 12], [3, 4, 6], [24], [2, 3, 2, 2], [1, 8, 3]]
    let shape = shapes[below(shapes.count)]
    var map = IndexMap(shape: shape)
    var listed = Listed(shape: shape, places: Array(0..<shape.reduce(1, *)))
    for _ in 0..<8 {
      let old = listed.shape
      let axis = below(old.count)
      switch below(6) {
      case 0:  // split an axis in two, or merge all of them
        let divisors = (1...max(old.first ?? 1, 1)).filter { (old.first ?? 1) % $0 == 0 }
        let divisor = divisors[below(divisors.count)]
        let new =
          old.isEmpty || below(3) == 0
          ? [listed.places.count] : [divisor, (old.first ?? 1) / divisor] + old.dropFirst()
        guard let next = map.reshaped(to: new) else { continue }
        map = next
        listed.shape = new
      case 1:
        guard !old.isEmpty else { continue }
        let order = old.indices.map { ($0, random.next()) }.sorted { $0.1 < $1.1 }.map(\.0)
        guard let next = map.permuted(order) else {
          Issue.record("a permutation is always followed")
          return
        }
        map = next
        listed = listed.taking(order.map { old[$0] }) { index in
          var source = index
          for (place, axis) in order.enumerated() { source[axis] = index[place] }
          return source
        }
      case 2:
        guard !old.isEmpty, old[axis] > 1 else { continue }
        let start = below(old[axis])
        let step = 1 + below(3)
        let count = 1 + below((old[axis] - start - 1) / step + 1)
        guard let next = map.sliced(axis, start: start, count: count, step: step) else { continue }
        map = next
        var new = old
        new[axis] = count
        listed = listed.taking(new) { index in
          var source = index
          source[axis] = start + step * index[axis]
          return source
        }
      case 3:
        guard old.count > 1 else { continue }
        let place = below(old[axis])
        guard let next = map.selected(axis, place) else { continue }
        map = next
        var new = old
        new.remove(at: axis)
        listed = listed.taking(new) { index in
          var source = index
          source.insert(place, at: axis)
          return source
        }
      case 4:
        guard let next = map.expanded(to: [2] + old) else { continue }
        map = next
        listed = listed.taking([2] + old) { Array($0.dropFirst()) }
      default:
        guard !old.isEmpty, listed.places.count < 200 else { continue }
        var new = old
        new[axis] *= 2
        guard let next = map.repeated(to: new) else { continue }
        map = next
        listed = listed.taking(new) { index in
          var source = index
          source[axis] %= old[axis]
          return source
        }
      }
      #expect(map.shape == listed.shape)
      #expect(Self.places(map) == listed.places)
    }
  }

  @Test("a reshape that would cut a transposed axis unevenly is refused, not guessed")
  func refusals() {
    let transposed = IndexMap(shape: [4, 6]).transposed(0, 1)
    #expect(transposed?.reshaped(to: [24]) != nil)
    #expect(transposed?.reshaped(to: [4, 6]) == nil)
    #expect(transposed?.reshaped(to: [12, 2]) != nil)
    #expect(IndexMap(shape: [4]).reshaped(to: [3]) == nil)
    #expect(IndexMap(shape: [4]).permuted([1]) == nil)
    #expect(IndexMap(shape: [4]).selected(1, 0) == nil)
    #expect(IndexMap(shape: [0, 4]).reshaped(to: [0]) == nil)
    #expect(IndexMap(shape: [2, 3]).transposed(0, 1)?.reshaped(to: [6])?.sliced(0, start: 1, count: 3) == nil)
    // Nothing overflows.
    #expect(IndexMap(shape: [Int.max, Int.max]).reshaped(to: [Int.max]) == nil)
    _ = IndexMap(shape: [4]).sliced(0, start: 1, count: Int.max, step: Int.max)
  }

  /// The arguments of the operations themselves, negative axes and missing ones included.
  @Test("the operations' own arguments")
  func operations() throws {
    var s = GraphSketch()
    let w = try s.parameter("w", [6, 4])
    let x = try s.input("x", [2, 4])
    func rows(of view: GraphSketch.ID, _ s: GraphSketch) -> [Int]? {
      ParameterViews(s.graph, kinds: OperationKinds(s.graph))[view].map { Self.places($0.map) }
    }
    let narrowed = try s.call("aten.narrow.default", [.value(w), .integer(-2), .integer(-2), .integer(2)], [2, 4])
    #expect(rows(of: narrowed, s) == Array(16..<24))
    let last = try s.call("aten.slice.Tensor", [.value(w), .integer(1), .integer(-1), .integer(Int.max)], [6, 1])
    #expect(rows(of: last, s) == [3, 7, 11, 15, 19, 23])
    let first = try s.call("aten.slice.Tensor", [.value(w), .integer(0), .none, .integer(1)], [1, 4])
    #expect(rows(of: first, s) == [0, 1, 2, 3])
    let moved = try s.call("aten.movedim.int", [.value(w), .integer(0), .integer(1)], [4, 6])
    #expect(rows(of: moved, s)?.prefix(3) == [0, 4, 8])
    let pieces = try s.pieces("aten.split_with_sizes.default", [.value(w), .integers([1, 5])], [[1, 4], [5, 4]])
    #expect(rows(of: pieces[1], s) == Array(4..<24))
    let unbound = try s.pieces(
      "aten.unbind.int", [.value(w), .integer(-1)], Array(repeating: [6], count: 4))
    #expect(rows(of: unbound[2], s) == [2, 6, 10, 14, 18, 22])
    // A wrong shape on the output is not believed.
    #expect(rows(of: try s.call("aten.view.default", [.value(w)], [5, 5]), s) == nil)
    #expect(rows(of: try s.call("aten.select.int", [.value(w), .integer(7), .integer(0)], [4]), s) == nil)
    _ = x
  }
}
