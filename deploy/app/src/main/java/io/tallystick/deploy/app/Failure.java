package io.tallystick.deploy.app;

/** The end of a command that could not do its work: what is wrong and where, what to do about it, and the exit status. */
public final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The check that the command was asked to make failed. */
    public static final int CHECK_FAILED = 1;

    /** Wrong use or wrong input. */
    public static final int WRONG_INPUT = 2;

    /** The service, or the Kafka cluster, cannot be reached. */
    public static final int UNREACHABLE = 3;

    private final int exitStatus;

    private Failure(int exitStatus, String message, Throwable cause) {
        super(message, cause);
        this.exitStatus = exitStatus;
    }

    private Failure(int exitStatus, String message) {
        super(message);
        this.exitStatus = exitStatus;
    }

    /**
     * @param problem what is wrong and where, without a full stop
     * @param remedy what to do, without a full stop
     */
    public static Failure wrongInput(String problem, String remedy) {
        return new Failure(WRONG_INPUT, oneLine(problem, remedy));
    }

    public static Failure wrongInput(String problem, String remedy, Throwable cause) {
        return new Failure(WRONG_INPUT, oneLine(problem, remedy), cause);
    }

    /** For a check that was made and did not hold; what differs is on standard output. */
    public static Failure checkFailed(String problem, String remedy) {
        return new Failure(CHECK_FAILED, oneLine(problem, remedy));
    }

    public static Failure unreachable(String problem, String remedy) {
        return new Failure(UNREACHABLE, oneLine(problem, remedy));
    }

    public static Failure unreachable(String problem, String remedy, Throwable cause) {
        return new Failure(UNREACHABLE, oneLine(problem, remedy), cause);
    }

    public int exitStatus() {
        return exitStatus;
    }

    private static String oneLine(String problem, String remedy) {
        return (problem + ": " + remedy).replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }
}
