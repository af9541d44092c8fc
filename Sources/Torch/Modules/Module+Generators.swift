import OrderedCollections

extension Module {
  /// The generators that this network draws from in training, by the path of the module that draws.
  ///
  /// Their states belong to where a training stands: one that goes on restores them.
  public var generators: OrderedDictionary<String, Generator> {
    var generators: OrderedDictionary<String, Generator> = [:]
    for (path, module) in modules {
      if let dropout = module as? Dropout { generators[path] = dropout.generator }
    }
    return generators
  }
}
