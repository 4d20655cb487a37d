//! The groups of a graph whose nodes reach each other.

/// The groups of nodes that reach each other (Tarjan's algorithm with a stack of its own), each sorted, larger than one
/// node or with an arrow to itself, in the order of their first nodes. Costs what there are of nodes and arrows.
pub(in crate::check) fn groups(arrows: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let count = arrows.len();
    let (mut order, mut low) = (vec![UNSEEN; count], vec![UNSEEN; count]);
    let mut open = vec![false; count];
    let (mut path, mut found, mut counter) = (Vec::new(), Vec::new(), 0);
    for root in 0..count {
        if order[root] != UNSEEN {
            continue;
        }
        // Each call is a node with how many of its arrows were followed.
        let mut calls: Vec<(usize, usize)> = vec![(root, 0)];
        while let Some((node, followed)) = calls.last_mut() {
            let node = *node;
            if order[node] == UNSEEN {
                (order[node], low[node], open[node]) = (counter, counter, true);
                counter += 1;
                path.push(node);
            }
            let next = arrows[node].get(*followed).copied();
            *followed += 1;
            match next {
                Some(to) if order[to] == UNSEEN => calls.push((to, 0)),
                Some(to) if open[to] => low[node] = low[node].min(order[to]),
                Some(_) => {}
                None => {
                    calls.pop();
                    if let Some((parent, _)) = calls.last() {
                        low[*parent] = low[*parent].min(low[node]);
                    }
                    if low[node] == order[node] {
                        found.extend(close(node, &mut path, &mut open, arrows));
                    }
                }
            }
        }
    }
    found.sort();
    found
}

/// Takes the group whose first node is `node` off the path.
fn close(node: usize, path: &mut Vec<usize>, open: &mut [bool], arrows: &[Vec<usize>]) -> Option<Vec<usize>> {
    let start = path.iter().rposition(|other| *other == node).expect("a node is on the path while it is open");
    let mut group = path.split_off(start);
    group.iter().for_each(|member| open[*member] = false);
    group.sort_unstable();
    (group.len() > 1 || arrows[node].contains(&node)).then_some(group)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_that_reach_each_other_are_one_group() {
        assert_eq!(groups(&[]), Vec::<Vec<usize>>::new());
        assert_eq!(groups(&[vec![1], vec![2], vec![]]), Vec::<Vec<usize>>::new());
        assert_eq!(groups(&[vec![1], vec![2], vec![0, 3], vec![3], vec![0]]), [vec![0, 1, 2], vec![3]]);
        assert_eq!(groups(&[vec![3], vec![2], vec![1], vec![0, 1]]), [vec![0, 3], vec![1, 2]]);
    }

    #[test]
    fn a_ring_of_very_many_nodes_needs_no_deep_stack() {
        let ring: Vec<Vec<usize>> = (0..200_000).map(|node| vec![(node + 1) % 200_000]).collect();
        assert_eq!(groups(&ring).first().map(Vec::len), Some(200_000));
    }
}
