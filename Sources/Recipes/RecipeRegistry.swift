/// Every recipe there is: a line each, in the order in which they are listed.
public enum RecipeRegistry {
  /// Every recipe, in the order in which they are listed.
  public static let all: [any Recipe.Type] = [
    Table8.self,
    Table1.self,
    Figure2.self,
    Figure13.self,
    Figure15.self,
    Figure16.self,
    Figure19.self,
    Figure17.self,
    Figure4.self,
    Table2ResNet56.self,
    Table2ResNet110.self,
    Table4.self,
    Figure7.self,
    Figure5.self,
    Figure14.self,
    Figure18.self,
    Table5SST2TextCNN.self,
    Table5SST2TextRNN.self,
    Table5SST2Transformer.self,
    Table5TREC6TextCNN.self,
    Table5TREC6TextRNN.self,
    Table5TREC6Transformer.self,
    Table7SST5TextCNN.self,
    Table7SST5TextRNN.self,
    Table7SST5Transformer.self,
    Figure9.self,
  ]

  /// The names of all, in that order.
  public static var ids: [String] { all.map { $0.card.id } }

  /// The recipe of that name; nil if there is none.
  public static func recipe(_ id: String) -> (any Recipe.Type)? { all.first { $0.card.id == id } }
}
