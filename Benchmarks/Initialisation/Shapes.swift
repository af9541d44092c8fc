/// The matrices of BERT-Base: 108 M values (Devlin et al. 2019; names and shapes as in its PyTorch port).
enum BERTBase {
  static let shapes: [(out: Int, in: Int)] = {
    var shapes = [(out: 30522, in: 768), (out: 512, in: 768), (out: 2, in: 768)]
    for _ in 0..<12 {
      shapes += Array(repeating: (out: 768, in: 768), count: 4)
      shapes += [(out: 3072, in: 768), (out: 768, in: 3072)]
    }
    return shapes + [(out: 768, in: 768)]
  }()

  static let count = shapes.reduce(0) { $0 + $1.out * $1.in }
}
