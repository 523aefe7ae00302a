package io.tallystick.ingest.dedup;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a clean stop leaves, so that the next start need not sort every identity again: the sorted runs, oldest first, and a file with
 * what of them was in memory and with the recent entries. It counts only for the log it was written behind, as it then was, and only once;
 * whatever is wrong with it, everything is read from the log instead.
 *
 * <p>The file, big-endian: format, log's sequence and checksum, bytes of recent entries and these, number of runs, each with name,
 * entries, first bits and checksums of its pages, and filter; then a CRC-32C of all that.
 */
final class SavedRuns {

    static final String FILE = "saved";

    private static final Logger LOG = LoggerFactory.getLogger(SavedRuns.class);
    private static final String UNFINISHED = "saving";
    /** Another one whenever entries, pages or filters are laid out in another way. */
    private static final int FORMAT = 2;

    private static final int BUFFER_BYTES = 64 << 10;

    private final List<SortedRun> runs;
    private final byte[] recent;

    private SavedRuns(List<SortedRun> runs, byte[] recent) {
        this.runs = runs;
        this.recent = recent;
    }

    List<SortedRun> runs() {
        return runs;
    }

    /** Entries, in order. */
    byte[] recent() {
        return recent;
    }

    /** Durable when it returns, with every run. */
    static void write(Path directory, BlockLog.Ending ending, byte[] recent, List<SortedRun> runs) throws IOException {
        for (SortedRun run : runs) {
            run.force();
        }
        Path unfinished = directory.resolve(UNFINISHED);
        try (FileChannel file = FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            OutputStream bytes = new BufferedOutputStream(Channels.newOutputStream(file), BUFFER_BYTES);
            CheckedOutputStream checked = new CheckedOutputStream(bytes, new CRC32C());
            DataOutputStream out = new DataOutputStream(checked);
            out.writeInt(FORMAT);
            out.writeLong(ending.sequence());
            out.writeLong(ending.checksum());
            out.writeInt(recent.length);
            out.write(recent);
            out.writeInt(runs.size());
            for (SortedRun run : runs) {
                run.describe(out);
            }
            out.writeLong(checked.getChecksum().getValue());
            out.flush();
            file.force(true);
        }
        Files.move(unfinished, directory.resolve(FILE));
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    /** What was saved behind this very log; null when nothing was, or nothing that can be trusted. It is gone from then on. */
    static @Nullable SavedRuns take(Path directory, BlockLog log, IdentityMemory memory) {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return null;
        }
        try {
            SavedRuns saved = isWhole(file) ? read(directory, file, log.ending(), memory) : null;
            try {
                Files.delete(file); // before any run is replaced by another
            } catch (IOException e) {
                if (saved != null) {
                    release(saved.runs);
                }
                throw e;
            }
            return saved;
        } catch (IOException e) {
            LOG.atWarn().setCause(e).addKeyValue("file", file).log("saved_runs_unreadable");
            return null;
        }
    }

    private static void release(List<SortedRun> runs) throws IOException {
        for (SortedRun run : runs) {
            run.release();
        }
    }

    private static boolean isWhole(Path file) throws IOException {
        long left = Files.size(file) - Long.BYTES;
        if (left < 0) {
            return false;
        }
        CRC32C crc = new CRC32C();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            while (left > 0) {
                int some = (int) Math.min(left, buffer.length);
                in.readFully(buffer, 0, some);
                crc.update(buffer, 0, some);
                left -= some;
            }
            return in.readLong() == crc.getValue();
        }
    }

    private static @Nullable SavedRuns read(Path directory, Path file, BlockLog.Ending ending, IdentityMemory memory)
            throws IOException {
        List<SortedRun> runs = new ArrayList<>();
        boolean isComplete = false;
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
                DataInputStream in = new DataInputStream(bytes)) {
            if (in.readInt() != FORMAT || !ending.equals(new BlockLog.Ending(in.readLong(), in.readLong()))) {
                return null;
            }
            byte[] recent = new byte[in.readInt()];
            in.readFully(recent);
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                SortedRun run = SortedRun.described(directory, in, memory);
                if (run == null) {
                    return null;
                }
                runs.add(run);
            }
            isComplete = true;
            return new SavedRuns(runs, recent);
        } finally {
            if (!isComplete) {
                release(runs);
            }
        }
    }
}
