extension NetworkGraph.Node {
  /// The value at a position of the operation's schema; nil for an argument of another kind or a missing one.
  func value(at position: Int) -> NetworkGraph.ValueID? {
    guard arguments.indices.contains(position), case .value(let id) = arguments[position] else { return nil }
    return id
  }

  /// The value or values at a position.
  func values(at position: Int) -> [NetworkGraph.ValueID] {
    guard arguments.indices.contains(position) else { return [] }
    return switch arguments[position] {
    case .value(let id): [id]
    case .values(let ids): ids
    default: []
    }
  }

  func integer(at position: Int) -> Int? {
    guard arguments.indices.contains(position), case .integer(let number) = arguments[position] else { return nil }
    return number
  }

  /// An integer or real number.
  func number(at position: Int) -> Double? {
    guard arguments.indices.contains(position) else { return nil }
    return switch arguments[position] {
    case .integer(let number): Double(number)
    case .real(let number): number
    default: nil
    }
  }

  func boolean(at position: Int) -> Bool? {
    guard arguments.indices.contains(position), case .boolean(let flag) = arguments[position] else { return nil }
    return flag
  }

  /// The integer at `position` as an axis counted from the front.
  func axis(at position: Int, rank: Int) -> Int? {
    guard let axis = integer(at: position), axis >= -rank, axis < rank else { return nil }
    return axis < 0 ? axis + rank : axis
  }

  /// The integer or integers at `position` as axes counted from the front.
  func axes(at position: Int, rank: Int) -> [Int]? {
    guard arguments.indices.contains(position) else { return nil }
    if case .integer = arguments[position] { return axis(at: position, rank: rank).map { [$0] } }
    guard case .integers(let list) = arguments[position], list.allSatisfy({ $0 >= -rank && $0 < rank }) else {
      return nil
    }
    return list.map { $0 < 0 ? $0 + rank : $0 }
  }

  /// The integer at `position` as an index into `size` elements, counted from the front.
  func index(at position: Int, size: Int) -> Int? {
    guard let index = integer(at: position), index >= -size, index < size else { return nil }
    return index < 0 ? index + size : index
  }
}

extension Array {
  subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
