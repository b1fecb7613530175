//! Which nodes of a graph lead to each other, by a loop with a stack of its own: graphs are as deep as users make them.

/// The strongly connected components (Tarjan's), what an edge leads to before what it comes from.
pub(super) fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut search = Search {
        edges,
        found: Vec::new(),
        numbers: vec![None; edges.len()],
        lowest: vec![0; edges.len()],
        placed: vec![false; edges.len()],
        path: Vec::new(),
        visited: 0,
    };
    (0..edges.len()).for_each(|start| search.from(start));
    search.found
}

struct Search<'e> {
    edges: &'e [Vec<usize>],
    found: Vec<Vec<usize>>,
    numbers: Vec<Option<usize>>,
    lowest: Vec<usize>,
    placed: Vec<bool>,
    path: Vec<usize>,
    visited: usize,
}

impl Search<'_> {
    fn from(&mut self, start: usize) {
        if self.numbers[start].is_some() {
            return;
        }
        self.enter(start);
        // each node on the way, and how many of its edges are done
        let mut open = vec![(start, 0)];
        while let Some((node, done)) = open.pop() {
            let Some(next) = self.edges[node].get(done).copied() else {
                self.leave(node, open.last().map(|(before, _)| *before));
                continue;
            };
            open.push((node, done + 1));
            match self.numbers[next] {
                None => {
                    self.enter(next);
                    open.push((next, 0));
                }
                Some(number) if !self.placed[next] => self.lowest[node] = self.lowest[node].min(number),
                Some(_) => {}
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.numbers[node] = Some(self.visited);
        self.lowest[node] = self.visited;
        self.visited += 1;
        self.path.push(node);
    }

    fn leave(&mut self, node: usize, before: Option<usize>) {
        if let Some(before) = before {
            self.lowest[before] = self.lowest[before].min(self.lowest[node]);
        }
        if self.numbers[node] != Some(self.lowest[node]) {
            return;
        }
        let at = self.path.iter().rposition(|on| *on == node).unwrap_or_default();
        let component = self.path.split_off(at);
        component.iter().for_each(|member| self.placed[*member] = true);
        self.found.push(component);
    }
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn what_leads_to_each_other_stands_together_and_what_is_led_to_comes_first() {
        let edges = [vec![1], vec![2, 3], vec![1], vec![], vec![0, 4]];
        let mut found = components(&edges);
        found.iter_mut().for_each(|component| component.sort_unstable());
        assert_eq!(found, [vec![3], vec![1, 2], vec![0], vec![4]]);
    }

    #[test]
    fn a_chain_of_a_million_needs_no_stack() {
        let edges: Vec<Vec<usize>> =
            (1..=1_000_000).map(|next| if next < 1_000_000 { vec![next] } else { vec![] }).collect();
        let small = std::thread::Builder::new().stack_size(64 * 1024);
        let all = small.spawn(move || components(&edges).len()).unwrap().join().unwrap();
        assert_eq!(all, 1_000_000);
    }
}
