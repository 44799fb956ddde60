import { type Emulator, startEmulator } from "./emulator";
import { type Log, Terraform, terraformEnv } from "./harness";
import { startProvider } from "./provider";

/** An AWS of a test file's own, and Terraform that deploys to it. */
export interface Sandbox {
  readonly emulator: Emulator;
  /** Terraform that installs the provider, as a team's does. */
  readonly installing: Terraform;
  /** Terraform that attaches to the provider that runs already. */
  readonly terraform: Terraform;
  stop(): Promise<void>;
}

/**
 * Starts the emulator and the AWS provider.
 *
 * @param folder for the provider and Terraform's settings
 * @param log takes what Terraform prints, where it attaches
 */
export async function startSandbox(folder: string, log?: Log): Promise<Sandbox> {
  const emulator = await startEmulator();
  try {
    const env = terraformEnv(emulator, folder);
    const provider = await startProvider(env, folder);
    return {
      emulator,
      installing: new Terraform(env),
      terraform: new Terraform(provider.env, log),
      stop: async () => {
        await provider.stop();
        await emulator.stop();
      },
    };
  } catch (error) {
    await emulator.stop();
    throw error;
  }
}
