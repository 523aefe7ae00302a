package io.tallystick.ingest.decode;

import io.tallystick.schemas.catalog.DataPath;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The paths that the meters of one event type read, merged into a tree so that one walk through the data serves all. Each
 * distinct path has a slot, under which its value is found in {@link DataValues}.
 */
public final class DataPaths {

    private final Node root = new Node();
    private final Map<DataPath, Integer> slots = new HashMap<>();

    private DataPaths() {}

    public static DataPaths of(Collection<DataPath> paths) {
        DataPaths tree = new DataPaths();
        for (DataPath path : paths) {
            if (!tree.slots.containsKey(path)) {
                tree.add(path);
            }
        }
        return tree;
    }

    public int size() {
        return slots.size();
    }

    /** Where the value of {@code path} is found. The path must be one that the tree was made of. */
    public int slot(DataPath path) {
        Integer slot = slots.get(path);
        if (slot == null) {
            throw new IllegalArgumentException("no slot for " + path.text());
        }
        return slot;
    }

    Node root() {
        return root;
    }

    private void add(DataPath path) {
        int slot = slots.size();
        slots.put(path, slot);
        Node node = root;
        node.addBelow(slot);
        for (DataPath.Step step : path.steps()) {
            node = step instanceof DataPath.Member member
                    ? node.members.computeIfAbsent(member.name(), name -> new Node())
                    : node.elements.computeIfAbsent(((DataPath.Index) step).index(), index -> new Node());
            node.addBelow(slot);
        }
        node.slot = slot;
    }

    /** One place in the data; {@code slot} is -1 when only places below it are read. */
    static final class Node {
        int slot = -1;
        final Map<String, Node> members = new HashMap<>();
        final Map<Integer, Node> elements = new HashMap<>();
        /** The slots of this place and of all below it. */
        int[] below = {};

        void addBelow(int slot) {
            below = Arrays.copyOf(below, below.length + 1);
            below[below.length - 1] = slot;
        }

        @Nullable
        Node member(String name) {
            return members.get(name);
        }

        @Nullable
        Node element(int index) {
            return elements.isEmpty() ? null : elements.get(index);
        }
    }
}
