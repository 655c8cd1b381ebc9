/** A piece of source code with the definitions that it holds, as paths. */
export interface CodeSample {
  readonly language: string;
  readonly text: string;
  /** Symbol paths that its pieces have when each member is a piece of its own. */
  readonly symbols: readonly string[];
}

/** As many statements as make a body too long to stay with its neighbours. */
const body = (statement: string, count = 14): string => `${statement}\n`.repeat(count);

/** One sample for each language whose definitions have names. */
export const CODE_SAMPLES: Readonly<Record<string, CodeSample>> = {
  TypeScript: {
    language: "typescript",
    text: `import { a } from "a";

/** Keeps vectors. */
@injectable()
export class VectorStore<T> extends Base {
${body("  private readonly first: Map<string, T> = new Map();")}
  /** Searches. */
  @log()
  async search(query: string): Promise<T[]> {
${body("    await this.find(query, this.first);")}    return [];
  }

  handler = async (event: Event) => {
${body("    await this.handle(event, this.first);")}  };
}

export const openStore = async (path: string) => {
${body("  await open(path, path, path, path);")}};

namespace Inner {
  export function deep() {
${body("    await open(path, path, path, path);")}  }
}
`,
    symbols: ["VectorStore", "VectorStore.search", "VectorStore.handler", "openStore", "Inner.deep"],
  },
  Python: {
    language: "python",
    text: `import os

# Keeps vectors.
@dataclass
class VectorStore(Base):
    """Keeps vectors."""

${body("    first: dict = field(default_factory=dict)")}
    @property
    async def size(self) -> int:
${body("        self.count(self.first, self.second)")}        return 1

    def search(self, query):
${body("        self.find(query, self.first)")}        return []


def main(arguments):
${body("    run(arguments, arguments, arguments)")}`,
    symbols: ["VectorStore", "VectorStore.size", "VectorStore.search", "main"],
  },
  Go: {
    language: "go",
    text: `package main

// Server serves.
type Server struct {
${body("\tfirst, second, third, fourth int")}}

// Handle handles.
func (s *Server) Handle(w int) error {
${body("\ts.handle(w, s.first, s.second)")}\treturn nil
}

func (l *List[T]) Push(value T) {
${body("\tl.items = append(l.items, value, value)")}}

func main() {
${body("\trun(one, two, three, four, five)")}}
`,
    symbols: ["Server", "Server.Handle", "List.Push", "main"],
  },
  Java: {
    language: "java",
    text: `package a.b;

/** Keeps vectors. */
@Service
public class VectorStore<T> implements Store {
${body("  private final Map<String, T> first = new HashMap<>();")}
  /** Searches. */
  @Override
  public List<T> search(String query) {
${body("    this.find(query, this.first, this.first);")}    return null;
  }

  static class Inner {
    void deep() {
${body("      this.find(query, this.first, this.first);")}    }
  }
}

record Pair(int left, int right) {
${body("  static final int FIRST = compute(1, 2, 3, 4);")}}
`,
    symbols: ["VectorStore", "VectorStore.search", "VectorStore.Inner.deep", "Pair"],
  },
  Rust: {
    language: "rust",
    text: `use std::io;

/// Keeps vectors.
#[derive(Debug, Clone)]
pub struct VectorStore<T> {
${body("    first: HashMap<String, T>, // the first of them all")}}

impl<T> VectorStore<T> {
    /// Searches.
    #[inline]
    pub fn search(&self, query: &str) -> Vec<T> {
${body("        self.find(query, &self.first, &self.first);")}        vec![]
    }

    pub fn close(self) {
${body("        self.end(query, &self.first, &self.first);")}    }
}

mod inner {
    pub fn deep() {
${body("        run(one, two, three, four, five, six, seven);")}    }
}
`,
    symbols: ["VectorStore", "VectorStore.search", "VectorStore.close", "inner.deep"],
  },
  "C++": {
    language: "cpp",
    text: `#include <map>

namespace stores {

// Keeps vectors.
template <typename T>
class VectorStore : public Store {
 public:
${body("  std::map<std::string, T> first = compute(1, 2, 3);")}
  int size() const {
${body("    count(first_, second_, third_, fourth_, fifth_);")}    return 1;
  }
};

int FlatStore::search(const char* query) const {
${body("  find(query, first_, second_, third_, fourth_);")}  return 1;
}

}  // namespace stores

static int *helper(int argument)
{
${body("  run(one, two, three, four, five, six, seven);")}  return 0;
}
`,
    symbols: ["stores.VectorStore", "stores.VectorStore.size", "stores.FlatStore.search", "helper"],
  },
  "C#": {
    language: "csharp",
    text: `using System;

namespace App.Stores
{
    /// <summary>Keeps vectors.</summary>
    [Serializable]
    public class VectorStore : IStore
    {
${body("        public Dictionary<string, int> First = new();")}
        public async Task<int> Search(string query)
        {
${body("            await Find(query, First, First, First);")}            return 1;
        }
    }
}
`,
    symbols: ["VectorStore", "VectorStore.Search"],
  },
  Ruby: {
    language: "ruby",
    text: `module Stores
  class VectorStore < Base
${body("    attribute :first, default: compute(1, 2, 3, 4)")}
    # Searches.
    def search(query)
${body("      find(query, @first, @second, @third, @fourth)")}      []
    end

    def self.open(path)
${body("      read(path, path, path, path, path, path)")}    end
  end
end
`,
    symbols: ["Stores.VectorStore", "Stores.VectorStore.search", "Stores.VectorStore.open"],
  },
  PHP: {
    language: "php",
    text: `<?php
namespace App;

/** Keeps vectors. */
class VectorStore extends Base {
${body("  private array $first = [1, 2, 3, 4, 5, 6];")}
  public function search($query) {
${body("    $this->find($query, $this->first, $this->second);")}    return [];
  }
}

function main($arguments) {
${body("  run($arguments, $arguments, $arguments);")}}
`,
    symbols: ["VectorStore", "VectorStore.search", "main"],
  },
  PowerShell: {
    language: "powershell",
    text: `function Get-Store {
  param($Path)
${body('  Write-Output "$Path $Path $Path $Path $Path"')}}

function Close-Store {
  param($Path)
${body('  Write-Output "$Path $Path $Path $Path $Path"')}}
`,
    symbols: ["Get-Store", "Close-Store"],
  },
  shell: {
    language: "shell",
    text: `#!/bin/sh
# Opens.
open_store() {
${body('  echo "$1" "$2" "$3" "$4" "$5" "$6"')}}

close_store() {
${body('  echo "$1" "$2" "$3" "$4" "$5" "$6"')}}
`,
    symbols: ["open_store", "close_store"],
  },
  JavaScript: {
    language: "javascript",
    text: `const router = {
  get(path) {
${body("    handle(path, path, path, path, path, path);")}  },
  post: function (path) {
${body("    handle(path, path, path, path, path, path);")}  },
};

exports.listen = function (port) {
${body("  handle(port, port, port, port, port, port);")}};
`,
    symbols: ["router.get", "router.post", "listen"],
  },
  "TypeScript with JSX": {
    language: "tsx",
    text: `export function Page({ title }: Props) {
${body("  useEffect(() => render(title), [title, title]);")}  return <main>{title}</main>;
}

export const Button = memo(({ label }: Props) => {
${body("  useEffect(() => render(label), [label, label]);")}  return <button>{label}</button>;
});
`,
    symbols: ["Page", "Button"],
  },
};
