package io.tallystick.ingest.dedup;

import io.tallystick.ingest.dedup.IdentityStore.Entry;
import java.io.BufferedOutputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Entries in the order of their identities, in a file that never changes, behind a filter. On the heap it has the first bits of
 * every {@value #ENTRIES_PER_PAGE}th identity, so that a look-up reads one page, and a checksum of each page, since it may lie on a disk for months. Looked up by one thread; the file may be read through by another meanwhile.
 */
final class SortedRun {

    static final int ENTRIES_PER_PAGE = 64;
    private static final int PAGE_BYTES = ENTRIES_PER_PAGE * EntryBytes.SIZE;
    private static final int WRITE_BUFFER_BYTES = 256 << 10;

    private final Path file;
    private final FileChannel channel;
    private final long count;
    private final long[] firsts;
    /** The CRC-32C of each page. */
    private final int[] checksums;

    private final BlockedFilter filter;
    private final ByteBuffer page = ByteBuffer.allocate(PAGE_BYTES);

    private SortedRun(Path file, long count, long[] firsts, int[] checksums, BlockedFilter filter) throws IOException {
        this.file = file;
        this.count = count;
        this.firsts = firsts;
        this.checksums = checksums;
        this.filter = filter;
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
    }

    long count() {
        return count;
    }

    @Nullable
    Entry find(long high, long low) throws IOException {
        if (!filter.mayContain(high, low)) {
            return null;
        }
        for (int at = firstPage(high);
                at < firsts.length && (at == 0 || Long.compareUnsigned(firsts[at], high) <= 0);
                at++) {
            int entries = read(at);
            byte[] bytes = page.array();
            for (int i = 0; i < entries; i++) {
                int from = i * EntryBytes.SIZE;
                if (EntryBytes.high(bytes, from) == high && EntryBytes.low(bytes, from) == low) {
                    return EntryBytes.entry(bytes, from);
                }
            }
        }
        return null;
    }

    /** The first page that may hold {@code high}: the one before the first that begins with it or behind it. */
    private int firstPage(long high) {
        int from = 0;
        int to = firsts.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (Long.compareUnsigned(firsts[middle], high) < 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return Math.max(0, from - 1);
    }

    private int read(int number) throws IOException {
        int entries = (int) Math.min(ENTRIES_PER_PAGE, count - (long) number * ENTRIES_PER_PAGE);
        page.clear().limit(entries * EntryBytes.SIZE);
        readFully(page, (long) number * PAGE_BYTES);
        requireWhole(number, page.array(), 0, entries * EntryBytes.SIZE);
        return entries;
    }

    private void requireWhole(int number, byte[] bytes, int from, int length) throws IOException {
        if (checksum(bytes, from, length) != checksums[number]) {
            throw new IOException("the run " + file + " is damaged in page " + number);
        }
    }

    private static int checksum(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    private void readFully(ByteBuffer into, long position) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int read = channel.read(into, at);
            if (read < 0) {
                throw new IOException("the run " + file + " ends too early");
            }
            at += read;
        }
    }

    /** Reads the run from its beginning, with a buffer of its own. */
    Cursor cursor() {
        return new Cursor(this);
    }

    Path file() {
        return file;
    }

    /** Makes the file durable. */
    void force() throws IOException {
        channel.force(true);
    }

    /** What {@link #described} makes it from again, with its file. */
    void describe(DataOutput out) throws IOException {
        out.writeUTF(file.getFileName().toString());
        out.writeLong(count);
        byte[] bytes = new byte[firsts.length * Long.BYTES];
        ByteBuffer.wrap(bytes).asLongBuffer().put(firsts);
        out.write(bytes);
        byte[] sums = new byte[checksums.length * Integer.BYTES];
        ByteBuffer.wrap(sums).asIntBuffer().put(checksums);
        out.write(sums);
        filter.write(out);
    }

    /** Null when its file is not there as it was, or when there is no memory for its filter. */
    static @Nullable SortedRun described(Path directory, DataInput in, IdentityMemory memory) throws IOException {
        Path file = directory.resolve(in.readUTF());
        long count = in.readLong();
        long[] firsts = new long[pages(count)];
        byte[] bytes = new byte[firsts.length * Long.BYTES];
        in.readFully(bytes);
        ByteBuffer.wrap(bytes).asLongBuffer().get(firsts);
        int[] checksums = new int[firsts.length];
        byte[] sums = new byte[checksums.length * Integer.BYTES];
        in.readFully(sums);
        ByteBuffer.wrap(sums).asIntBuffer().get(checksums);
        BlockedFilter filter = BlockedFilter.read(in, memory);
        if (filter == null) {
            return null;
        }
        SortedRun run = null;
        try {
            if (Files.exists(file) && Files.size(file) == count * EntryBytes.SIZE) {
                run = new SortedRun(file, count, firsts, checksums, filter);
            }
            return run;
        } finally {
            if (run == null) {
                filter.close();
            }
        }
    }

    private static int pages(long count) {
        return Math.toIntExact((count + ENTRIES_PER_PAGE - 1) / ENTRIES_PER_PAGE);
    }

    /** Gives up what it holds and leaves its file. */
    void release() throws IOException {
        filter.close();
        channel.close();
    }

    void close() throws IOException {
        release();
        Files.deleteIfExists(file);
    }

    /** A place in a run; {@link #bytes} and {@link #at} give its entry until {@link #next}. */
    static final class Cursor {
        private static final int ENTRIES_AT_ONCE = 16 * ENTRIES_PER_PAGE;

        private final SortedRun run;
        private final ByteBuffer buffer = ByteBuffer.allocate(ENTRIES_AT_ONCE * EntryBytes.SIZE);
        private long read;
        private int at;
        private int end;

        private Cursor(SortedRun run) {
            this.run = run;
        }

        /** Moves to the next entry; false behind the last. */
        boolean next() throws IOException {
            at += EntryBytes.SIZE;
            if (at < end) {
                return true;
            }
            int entries = (int) Math.min(ENTRIES_AT_ONCE, run.count - read);
            buffer.clear().limit(entries * EntryBytes.SIZE);
            run.readFully(buffer, read * EntryBytes.SIZE);
            for (int first = 0; first < entries; first += ENTRIES_PER_PAGE) {
                int ofPage = Math.min(ENTRIES_PER_PAGE, entries - first);
                run.requireWhole(
                        (int) ((read + first) / ENTRIES_PER_PAGE),
                        buffer.array(),
                        first * EntryBytes.SIZE,
                        ofPage * EntryBytes.SIZE);
            }
            read += entries;
            at = 0;
            end = entries * EntryBytes.SIZE;
            return entries > 0;
        }

        byte[] bytes() {
            return buffer.array();
        }

        int at() {
            return at;
        }
    }

    /** Writes a run, entry by entry in order; one that is closed without having been finished leaves nothing behind. */
    static final class Writer implements AutoCloseable {
        private final Path file;
        private final OutputStream out;
        private final BlockedFilter filter;
        private final byte[] page = new byte[PAGE_BYTES];
        private long[] firsts;
        private int[] checksums;
        private long count;
        private boolean finished;

        /** @param countMax no more than so many entries come */
        Writer(Path file, long countMax, IdentityMemory memory) throws IOException {
            this.file = file;
            this.firsts = new long[pages(countMax)];
            this.checksums = new int[firsts.length];
            // Nobody else's: a merge of a store that was given up may still be at work.
            this.out = new BufferedOutputStream(
                    Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    WRITE_BUFFER_BYTES);
            this.filter = BlockedFilter.of(countMax, memory);
        }

        void add(byte[] bytes, int at) throws IOException {
            long high = EntryBytes.high(bytes, at);
            int inPage = (int) (count % ENTRIES_PER_PAGE);
            if (inPage == 0) {
                firsts[(int) (count / ENTRIES_PER_PAGE)] = high;
            }
            filter.add(high, EntryBytes.low(bytes, at));
            System.arraycopy(bytes, at, page, inPage * EntryBytes.SIZE, EntryBytes.SIZE);
            count++;
            if (inPage == ENTRIES_PER_PAGE - 1) {
                writePage(PAGE_BYTES);
            }
        }

        private void writePage(int length) throws IOException {
            checksums[(int) ((count - 1) / ENTRIES_PER_PAGE)] = checksum(page, 0, length);
            out.write(page, 0, length);
        }

        SortedRun finish() throws IOException {
            int rest = (int) (count % ENTRIES_PER_PAGE);
            if (rest > 0) {
                writePage(rest * EntryBytes.SIZE);
            }
            out.close();
            if (pages(count) < firsts.length) {
                firsts = Arrays.copyOf(firsts, pages(count));
                checksums = Arrays.copyOf(checksums, firsts.length);
            }
            SortedRun run = new SortedRun(file, count, firsts, checksums, filter);
            finished = true;
            return run;
        }

        @Override
        public void close() throws IOException {
            if (!finished) {
                filter.close();
                out.close();
                Files.deleteIfExists(file);
            }
        }
    }
}
