/// Examples in passes over all of them, each in an order of its own: a function of seed and place alone.
struct ExampleDraws {
  private let count: Int
  private let seed: UInt64
  private var place: Int
  private var pass = -1
  private var order: [Int64] = []

  init(count: Int, seed: UInt64, from place: Int) { (self.count, self.seed, self.place) = (count, seed, place) }

  mutating func next(_ number: Int) -> [Int] {
    (0..<number).map { _ in
      defer { place += 1 }
      if place / count != pass {
        pass = place / count
        order = EpochOrder.permutation(count: count, seed: seed, epoch: pass + 1)
      }
      return Int(order[place % count])
    }
  }
}
